import { announce } from './deliveries.ts'
import type { World } from './world.ts'

/** A comment on a pull request. */
export interface CommentRecord {
  id: number
  pull: number
  login: string
  bot: boolean
  body: string
  created_at: number
  updated_at: number
  reactions: { id: number; login: string; content: Reaction; at: number }[]
}

export const REACTIONS = ['+1', '-1', 'laugh', 'confused', 'heart', 'hooray', 'rocket', 'eyes'] as const
export type Reaction = (typeof REACTIONS)[number]

// The state file stays small however long the sandbox runs.
const KEEP = 1_000

/** Somebody writes under a pull request, and whoever listens is told: also of what the App itself wrote. */
export const addComment = (
  world: World,
  what: Pick<CommentRecord, 'pull' | 'login' | 'bot' | 'body'>,
): CommentRecord => {
  const { state } = world
  const at = world.now()
  const comment = { ...what, id: state.next_id++, created_at: at, updated_at: at, reactions: [] }
  state.comments.push(comment)
  if (state.comments.length > KEEP) state.comments.splice(0, state.comments.length - KEEP)
  announce(world, { event: 'issue_comment', action: 'created', comment: comment.id })
  return comment
}

export const editComment = (world: World, comment: CommentRecord, body: string): void => {
  comment.body = body
  comment.updated_at = world.now()
  announce(world, { event: 'issue_comment', action: 'edited', comment: comment.id })
}
