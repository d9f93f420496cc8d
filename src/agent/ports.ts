import type { Actor, Event, Facts, ModelCall, ReadResult, RunReport } from '../thread/event.ts'
import type { IndexRow } from '../thread/index-row.ts'
import type { Request } from '../thread/input.ts'
import type { Target } from '../thread/policy.ts'

import type { Status, ThreadState } from '../thread/state.ts'

import type { ReadStep, Step } from '../thread/step.ts'

/** What the model is shown: the unchanging part (services, environments, rules) and all that has happened so far. */
export interface Prompt {
  setup: string
  thread: string
}

export interface PromptPreview {
  model: string
  prompt_hash: string
  messages: { role: string; content: string; tokens: number }[]
  tokens: number
}

/** A selected step, or why there is none. `retry_after_ms` is set where trying later can help (429, 5xx, time-outs). */
export type ModelAnswer =
  | { ok: true; step: Step; call: ModelCall }
  | { ok: false; code: string; message: string; retry_after_ms?: number; call: ModelCall }

export interface Model {
  /** Asks for one next step. Never throws: what goes wrong is an answer. */
  next(prompt: Prompt, signal?: AbortSignal): Promise<ModelAnswer>
  /** The exact messages that `next` would send. No network. */
  preview(prompt: Prompt): Promise<PromptPreview>
}

/** A tool's failure that the thread should learn of. `retry_after_ms`: nothing was done and the same call may work later. */
export class ToolError extends Error {
  readonly code: string
  readonly nearest: string[]
  readonly retryAfterMs: number | undefined
  constructor(code: string, message: string, more: { nearest?: string[]; retryAfterMs?: number } = {}) {
    super(message)
    this.code = code
    this.nearest = more.nearest ?? []
    this.retryAfterMs = more.retryAfterMs
  }
}

/** Which hosts are down, so that nobody waits for them in vain. Only a guard: nothing that is true depends on it. */
export interface Hosts {
  /** How long, in milliseconds, this host should be left alone. 0: call it now, and report how that went. */
  pauseOf(host: string): Promise<number>
  /** `down`: it failed by itself (5xx, time-out, no connection). A refusal and a limit are answers. */
  report(host: string, down: boolean): void
}

/** An approved step on its way out. `inputs` of the workflow are made of these and nothing else. */
export interface DispatchOrder {
  dispatch_id: string
  repository: string
  workflow: string
  ref: string
  service: string
  environment: string
  tag: string
  sha: string
}

/** `refused`: GitHub said no, nothing runs. `deferred`: said "later", nothing runs. `unclear`: it may or may not run: look, never send again. */
export type DispatchOutcome =
  | { outcome: 'accepted'; run_id: number | null; html_url: string | null }
  | { outcome: 'refused'; code: string; message: string }
  | { outcome: 'deferred'; retry_after_ms: number; reason: string }
  | { outcome: 'unclear'; reason: string }

export interface Tools {
  /** Runs a read step. Throws ToolError. */
  read(step: ReadStep): Promise<ReadResult>
  /** What the step would ship, read from GitHub now. Throws ToolError (`unknown_tag` with the nearest names, …). */
  prepare(target: Target): Promise<Facts>
  /** ONE POST. Never throws. */
  dispatch(order: DispatchOrder): Promise<DispatchOutcome>
  /** What became of a dispatch, by looking: its run by `run_id` where known, else by run name (ends in the dispatch_id). Null: not there (yet). Throws ToolError. */
  verify(order: DispatchOrder, run_id: number | null): Promise<RunReport | null>
  /** Asks GitHub to cancel. Never throws. `retry_after_ms`: GitHub did not hear, so ask again. */
  cancelRun(
    repository: string,
    run_id: number,
  ): Promise<{ accepted: boolean; message: string; retry_after_ms?: number }>
}

/** A message from outside that must be taken once. The same id with another `body_hash` is refused. */
export interface Delivery {
  source: string
  id: string
  body_hash: string
}

export interface Answer {
  status: number
  body: unknown
}

export interface Loaded {
  events: Event[]
  /** The database's clock, ISO 8601 in UTC with milliseconds. */
  now: string
}

/** Another append took this place in the log: read again, decide again. */
export class Conflict extends Error {}
/** This delivery was taken before: `answer` is what was said then. */
export class TakenBefore extends Error {
  readonly answer: Answer
  constructor(answer: Answer) {
    super('delivery was taken before')
    this.answer = answer
  }
}
/** This delivery id came before with another body. */
export class KeyReused extends Error {}

// Connections refused, reset, timed out; and what Postgres says while it stops, starts, has no room (disk, connections),
// is a standby after a failover (25006), lets nobody in (28, 3D), or gave this statement up for another's sake (40, 55P03).
const GONE =
  /^(08|25006|28|3D|40|53|55P03|57|58|ECONN|ENOENT|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)/
const POOL = /timeout exceeded|timeout expired|Connection terminated|not queryable|Query read timeout|Cannot use a pool/

/** Whether an error is the database's: it passes, and nothing is wrong with what was asked. */
export const isOutage = (error: unknown): boolean => {
  const { code, message = '', statusCode } = (error ?? {}) as { code?: string; message?: string; statusCode?: number }
  return statusCode === undefined && (GONE.test(code ?? '') || POOL.test(message))
}

/**
 * What an append does to who works on the thread. `take`: we go on with it at once if nobody works on it, else it is due ·
 * `wake`: it is due, for anybody · `keep`: nothing · `release`: we let go, unless something came meanwhile · `drop`: we let go.
 */
export type Hold = 'take' | 'wake' | 'keep' | 'release' | 'drop'

export interface Append {
  thread_id: string
  expected_version: number
  /** None: only the hold changes, or a delivery is noted that is no more than a hint. */
  events: Event[]
  /** Null: nothing in the index changes. */
  index: IndexRow | null
  hold: Hold
  /** When a thread that is let go wakes by itself; null: not before something comes from outside. */
  until?: string | null
  delivery?: Delivery & { answer: Answer }
}

export interface Written {
  /** The database's clock, as in Loaded. */
  now: string
  /** Whether there is such a thread in the index; false too where the index was not touched. */
  known: boolean
  /** Whether this process works on the thread from now on. */
  mine: boolean
}

/** The one log, and the index over it. All methods reject when the database cannot be reached. */
export interface Log {
  /** Events after `after` (default 0) in order, and the time. Unknown thread: no events. */
  load(threadId: string, after?: number): Promise<Loaded>
  /** Resolves when it is committed. Throws Conflict, TakenBefore, KeyReused; then nothing of it was written. */
  append(append: Append): Promise<Written>
  /** What was answered when this delivery was taken; null: it was not. Throws KeyReused. */
  taken(delivery: Delivery): Promise<Answer | null>
  /** The database's time. */
  now(): Promise<string>
}

/** A thread is its own queue entry. */
export interface Queue {
  /** Takes up to `limit` due threads for this process, those first that wait longest. */
  claim(limit: number): Promise<string[]>
  /** Takes up to `limit` threads whose owner died or hangs, or that this process owns but does not work on. */
  rescue(limit: number, active: string[]): Promise<string[]>
  /** Extends the leases of these threads. */
  heartbeat(active: string[]): Promise<void>
  /** Lets go of a thread of ours; it is due again, for anybody, in so many seconds. */
  putOff(threadId: string, seconds: number): Promise<void>
  /** Sets a thread of ours aside that cannot go on, until an operator releases it. */
  quarantine(threadId: string, reason: string): Promise<void>
}

/** `changed`: there are new events · `due`: it has something to do and nobody works on it · `ours`: this process has taken it. */
export interface Ring {
  thread_id: string
  news: 'changed' | 'due' | 'ours'
  /** What this process knows of a thread that it has taken. */
  held?: Held
}

/** A thread as far as it was read, in the hands of its owner. */
export interface Held {
  events: Event[]
  state: ThreadState
}

/** Tells who listens, here at once and in other processes soon, that a thread changed. Losing a ring costs a sweep, nothing else. */
export interface Bell {
  ring(ring: Ring): void
  /** Calls back at each ring; the returned function stops it. */
  listen(hear: (ring: Ring) => void): () => void
}

/** A way to reach a person. Deliveries are events, so a restart tells whoever was not told. */
export interface Channel {
  name: string
  deliver(notice: Notice): Promise<{ ok: boolean; message?: string }>
}
export interface Notice {
  thread_id: string
  seq: number
  reply_to: { webhook: string }
  waiting_for: unknown
  status: string
}

/** What the loop reaches the world through. */
export interface Ports {
  model: Model
  tools: Tools
  channel: Channel
}

/** Structured logs; the first argument's fields name thread and seq. */
export interface Logger {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** A request to change a thread, and how to answer it; `answer` is stored with the delivery and replayed to its duplicates. */
export interface TakenOnce extends Delivery {
  answer: (events: Event[]) => Answer
}

/** The one write door, as HTTP sees it. Rejects with Refused, TakenBefore, KeyReused. All of the thread's events come back. */
export interface Door {
  launch(request: Extract<Request, { type: 'launch' }>, delivery?: TakenOnce): Promise<Event[]>
  handle(threadId: string, request: Request, delivery?: TakenOnce): Promise<Event[]>
  fork(threadId: string, at: number, actor: Actor, delivery?: TakenOnce): Promise<Event[]>
  /** Something outside moved that needs no event: the thread looks for itself. False: taken before, or no such thread. */
  hint(threadId: string, delivery: Delivery & { answer: Answer }): Promise<boolean>
}

export interface ThreadSummary {
  id: string
  agent: string
  title: string
  status: string
  version: number
  created_at: string
  updated_at: string
}

/** Lists the index, newest first. `cursor` is opaque; null: no more. */
export interface Listing {
  list(filter: {
    status?: string
    agent?: string
    limit: number
    cursor?: string
  }): Promise<{ threads: ThreadSummary[]; cursor: string | null }>
  /** How many threads are due and nobody works on them, counted up to `most`. */
  countDue(most: number): Promise<number>
  /** The thread that waits for this run, for webhooks that name no dispatch. */
  threadOfRun(runId: number): Promise<string | null>
}

/** What one append made of a thread, told after its commit and only to whoever appended. `log`: all of its events. */
export interface Appended {
  before: ThreadState | null
  after: ThreadState
  events: readonly Event[]
  log: readonly Event[]
  delivery?: Delivery
}
export type Watch = (appended: Appended) => void

/** Goes around each stretch of work on a thread, from its claim to its rest. */
export type Around = <T>(thread: Pick<ThreadState, 'id' | 'agent'>, work: () => Promise<T>) => Promise<T>

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

export type Scope = 'read' | 'ask' | 'approve' | 'operate'
export interface Token {
  id: string
  name: string
  scopes: Scope[]
  /** A key of `people`; without one the token can never approve. */
  person: string | null
}

/** Bearer tokens: only their SHA-256 is stored. */
export interface Tokens {
  create(token: {
    name: string
    scopes: Scope[]
    person: string | null
    expires_in_days: number
  }): Promise<{ id: string; secret: string }>
  /** Null: unknown, expired or revoked. */
  find(secret: string): Promise<Token | null>
  list(): Promise<(Token & { created_at: string; expires_at: string; revoked_at: string | null })[]>
  revoke(id: string): Promise<boolean>
}

/** A paging cursor that is none of ours. */
export class BadCursor extends Error {}
