/** What an account may do in a repository, by GitHub's own names. */
export type Permission = 'admin' | 'maintain' | 'write' | 'triage' | 'read' | 'none'

/** Who people at GitHub are to a repository and its organization. Throws ToolError. */
export interface Members {
  permission(repository: string, login: string): Promise<Permission>
  /** Whether the account belongs to a team (`acme/oncall`). Known for a minute. */
  isMember(team: string, login: string): Promise<boolean>
}

/** A pull request as GitHub has it now. */
export interface Pull {
  number: number
  title: string
  url: string
  head_sha: string
  /** Its commits lie in somebody else's repository. */
  from_fork: boolean
}

/** A comment on a pull request as GitHub has it now. */
export interface PullComment {
  id: number
  pull_request: number
  login: string
  is_bot: boolean
  body: string
  created_at: string
  edited: boolean
}

/** Pull requests of a repository, and talking there. Throws ToolError. */
export interface Conversation {
  /** Null: there is none of that number. */
  pull(repository: string, number: number): Promise<Pull | null>
  /** Null: it is not there (any more). */
  comment(repository: string, id: number): Promise<PullComment | null>
  /** Writes our one comment that bears `marker`, or writes it anew. The marker is no part of `text`. */
  say(to: { repository: string; pull_request: number }, marker: string, text: string): Promise<void>
  react(repository: string, commentId: number, reaction: 'eyes' | '+1' | 'confused'): Promise<void>
}
