import { setTimeout as sleep } from 'node:timers/promises'
import { fold } from '../thread/evolve.ts'
import { Newer, Unreadable } from '../thread/situation.ts'
import { type Bell, type Held, isOutage, type Queue, type Ring } from './ports.ts'
import type { Loop } from './run.ts'
import { runThread } from './run.ts'
import { Session, type SessionDeps } from './session.ts'

export interface WorkerOptions {
  queue: Queue
  bell: Bell
  session: SessionDeps
  loop: Loop
  /** Threads worked on at once. Each is mostly waiting for the network. */
  concurrency?: number
  /** How often due threads are looked for that no bell told of (timers, threads of dead or silent owners). */
  sweepMs?: number
}

const CONCURRENCY = 100
const SWEEP_MS = 250
const HEARTBEAT_MS = 1_500
const LONGEST_REASON = 500
const PUT_OFF_SECONDS = 2
// A mistake of ours fails every time; what fails once may be somebody else's.
const MOST_FAILURES = 3
const FORGET_MS = 60_000

/** Works on due threads, each by one at a time. */
export class Worker {
  readonly #options: WorkerOptions
  readonly #concurrency: number
  readonly #active = new Map<string, Promise<void>>()
  /** Threads that were taken in the moment between the end of our work on them and our hearing of that end. */
  readonly #again = new Set<string>()
  /** How often in a row each thread failed here. */
  readonly #failures = new Map<string, number>()
  readonly #stopping = new AbortController()
  readonly #timers = new Map<string, NodeJS.Timeout>()
  /** More is due than there was room for at the latest sweep; before the first one, nobody knows. */
  #crowded = true
  #sweeping = false
  /** Places that the sweep under way may fill. */
  #reserved = 0
  /** Somebody asked for a sweep since the latest one began. */
  #wanted = false
  #deaf = (): void => {}

  constructor(options: WorkerOptions) {
    this.#options = options
    this.#concurrency = options.concurrency ?? CONCURRENCY
  }

  start(): void {
    const { bell, queue, sweepMs = SWEEP_MS } = this.#options
    this.#deaf = bell.listen((ring) => void this.#quietly('claim', () => this.#hear(ring)))
    this.#every(sweepMs, 'sweep', () => this.#sweep())
    this.#every(FORGET_MS, 'forget', async () => void (await queue.forget()))
    this.#every(HEARTBEAT_MS, 'heartbeat', async () => {
      if (this.#active.size > 0) await queue.heartbeat([...this.#active.keys()])
    })
  }

  /** Whether one more thread can be gone on with at once, and none that waits longer is passed over by it. */
  hasRoom(): boolean {
    if (this.#stopping.signal.aborted || this.#crowded) return false
    return this.#active.size + this.#reserved < this.#concurrency
  }

  /** Takes no more; what is in the middle of a step ends that step. Resolves when nothing runs any more. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    for (const timer of this.#timers.values()) clearTimeout(timer)
    while (this.#active.size > 0) await Promise.all(this.#active.values())
    this.#deaf()
  }

  async #hear({ thread_id, news, held }: Ring): Promise<void> {
    if (news === 'changed') return
    if (this.#active.has(thread_id)) this.#again.add(thread_id)
    else if (news === 'ours') this.#begin(thread_id, held)
    else await this.#sweep()
  }

  /** One at a time: two at once would both fill the same room. */
  async #sweep(): Promise<void> {
    this.#wanted = true
    if (this.#sweeping) return
    this.#sweeping = true
    try {
      while (this.#wanted && !this.#stopping.signal.aborted) {
        // Half of what is free, so that what comes meanwhile finds a place too, and is no reason for another sweep.
        this.#reserved = Math.ceil((this.#concurrency - this.#active.size) / 2)
        this.#wanted = false
        await this.#fill(this.#reserved)
        this.#wanted ||= this.#crowded && this.#active.size < this.#concurrency
      }
    } finally {
      this.#sweeping = false
      this.#reserved = 0
    }
  }

  /** Those whose owner is gone come first: they were begun before what is only due. */
  async #fill(room: number): Promise<void> {
    const { queue } = this.#options
    if (room <= 0) return
    const orphans = await queue.rescue(room, [...this.#active.keys()])
    for (const threadId of orphans) this.#begin(threadId)
    const left = room - orphans.length
    const due = left > 0 ? await queue.claim(left) : []
    for (const threadId of due) this.#begin(threadId)
    this.#crowded = due.length === left
  }

  #begin(threadId: string, held?: Held): void {
    if (this.#active.has(threadId)) return
    const working = this.#work(threadId, held).finally(() => {
      this.#active.delete(threadId)
      if (this.#again.delete(threadId) || this.#crowded) void this.#quietly('sweep', () => this.#sweep())
    })
    this.#active.set(threadId, working)
  }

  /** Owns one thread until it rests. One that cannot go on must not stop the others, nor spin. */
  async #work(threadId: string, held?: Held): Promise<void> {
    const { session, loop } = this.#options
    try {
      const known = held ?? (await load(threadId, session))
      if (known) await runThread(new Session(known, session), loop, this.#stopping.signal)
      this.#failures.delete(threadId)
    } catch (error) {
      await this.#failed(threadId, error)
    }
  }

  /** What passes is tried again soon; what nobody can read, or fails again and again, is set aside for an operator. */
  async #failed(threadId: string, error: unknown): Promise<void> {
    const { queue, loop, sweepMs = SWEEP_MS } = this.#options
    const fields = { thread_id: threadId, err: error }
    if (isOutage(error)) {
      loop.logger.warn(fields, 'thread put off: the database does not answer')
      await sleep(sweepMs)
      return
    }
    const failures = (this.#failures.get(threadId) ?? 0) + 1
    this.#failures.set(threadId, failures)
    if (error instanceof Newer || (!(error instanceof Unreadable) && failures < MOST_FAILURES)) {
      const why =
        error instanceof Newer ? 'thread left to a newer version of this service' : 'thread put off: it failed'
      loop.logger.warn(fields, why)
      await this.#quietly('put off', () => queue.putOff(threadId, PUT_OFF_SECONDS))
      return
    }
    this.#failures.delete(threadId)
    loop.logger.error(fields, 'thread quarantined: it cannot go on until an operator releases it')
    await this.#quietly('quarantine', () => queue.quarantine(threadId, String(error).slice(0, LONGEST_REASON)))
  }

  /** Failures here are the database's: the sweep comes again, and leases end by themselves. */
  async #quietly(what: string, task: () => Promise<void>): Promise<void> {
    try {
      await task()
    } catch (error) {
      this.#options.loop.logger.warn({ err: error }, `${what} failed`)
    }
  }

  #every(ms: number, what: string, task: () => Promise<void>): void {
    const tick = async (): Promise<void> => {
      await this.#quietly(what, task)
      if (!this.#stopping.signal.aborted) this.#timers.set(what, setTimeout(tick, ms))
    }
    void tick()
  }
}

const load = async (threadId: string, { log }: SessionDeps): Promise<Held | null> => {
  const { events } = await log.load(threadId)
  const state = fold(events)
  return state && { events, state }
}
