import type { Status } from '../../thread/state.ts'

export interface ThreadSummary {
  id: string
  agent: string
  title: string
  status: string
  version: number
  created_at: string
  updated_at: string
  service: string | null
  environment: string | null
  person: string | null
}

/** Which threads are looked for; `text`: words of their titles. */
export interface ThreadFilter {
  status?: string
  agent?: string
  service?: string
  environment?: string
  person?: string
  text?: string
}

/** What pages show of all threads, each bounded by `most`. */
export interface Overview {
  /** How long the logs of these threads are; none for a thread that is not there. */
  versions(ids: readonly string[]): Promise<Map<string, number>>
  /** Threads that wait for people: of approvals the oldest, of questions the newest. */
  waiting(most: number): Promise<{ id: string; version: number }[]>
  /** The newest of those that are under way. */
  busy(most: number): Promise<ThreadSummary[]>
  /** How many there are in each status; `most` stands for so many or more. */
  counts(most: number): Promise<Record<Status, number>>
}

/** Lists the index, newest first. `cursor` is opaque; null: no more. A page may hold fewer than `limit` and others follow all the same. */
export interface Listing {
  list(filter: ThreadFilter & { limit: number; cursor?: string }): Promise<{
    threads: ThreadSummary[]
    cursor: string | null
  }>
  /** How many threads are due and nobody works on them, counted up to `most`. */
  countDue(most: number): Promise<number>
  /** The thread that alone may be this now; null: none is. */
  soleThread(sole: string): Promise<string | null>
  /** The newest thread that a delivery of `source` whose id begins with `prefix` launched; null: there is none. */
  latestOf(source: string, prefix: string): Promise<{ id: string; status: string } | null>
  /** When the newest merge happened that a release knows of, in this repository or (null) in the team's; null: none does. */
  newestMerge(repository: string | null): Promise<string | null>
  /** The newest thread to which replies at this address belong (its name, as `keyOf` makes it); null: none. */
  threadAt(address: string): Promise<string | null>
  /** The thread that waits for this run, for webhooks that name no dispatch: the one that started it, else one that let it on. */
  threadOfRun(runId: number): Promise<string | null>
}

/** How all threads stand now, read from the index. */
export interface Census {
  threads: Record<Status, number>
  /** Due, and nobody works on them. */
  due: number
  queue_age_seconds: number
  question_age_seconds: number
  quarantined: number
}

/** The database's schema beside the one that this code was written for. */
export type SchemaState = 'current' | 'pending' | 'newer'

/** Whether work can be done here now; where not, why. */
export type Health = { ok: true } | { ok: false; reason: string }

/** A paging cursor that is none of ours. */
export class BadCursor extends Error {}
