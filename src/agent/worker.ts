import { setTimeout as sleep } from 'node:timers/promises'
import type { Bell, Logger, Queue } from './ports.ts'
import type { Loop } from './run.ts'
import { runThread } from './run.ts'

export interface WorkerOptions {
  queue: Queue
  bell: Bell
  loop: Loop
  /** Threads worked on at once. Each is mostly waiting for the network. */
  concurrency?: number
  /** How often due threads are looked for that no bell told of (timers, other replicas' threads). */
  sweepMs?: number
}

export interface Worker {
  start(): void
  /** Takes no more; what is in the middle of a step ends that step. Resolves when nothing runs any more. */
  stop(): Promise<void>
}

const HEARTBEAT_MS = 1_500
const PAUSE_AFTER_FAILURE_MS = 5_000
// Long past for every database clock: due at once.
const NOW = new Date(0).toISOString()

/** Works on due threads, each by one at a time. */
export const createWorker = (options: WorkerOptions): Worker => {
  const { queue, bell, loop, concurrency = 32, sweepMs = 500 } = options
  const { logger } = loop
  const active = new Map<string, Promise<void>>()
  const stopping = new AbortController()
  const timers = new Map<string, NodeJS.Timeout>()
  let deaf = () => {}

  const begin = (threadId: string): void => {
    const working = work(threadId, queue, loop, stopping.signal).finally(() => active.delete(threadId))
    active.set(threadId, working)
  }

  const hear = async (threadId: string): Promise<void> => {
    if (stopping.signal.aborted || active.has(threadId) || active.size >= concurrency) return
    if (await queue.claimThread(threadId)) begin(threadId)
  }

  const sweep = async (): Promise<void> => {
    const free = concurrency - active.size
    if (stopping.signal.aborted || free <= 0) return
    for (const threadId of await queue.claim(free)) begin(threadId)
  }

  const every = (ms: number, what: string, task: () => Promise<void>): void => {
    const tick = async (): Promise<void> => {
      await quietly(logger, what, task)
      if (!stopping.signal.aborted) timers.set(what, setTimeout(tick, ms))
    }
    void tick()
  }

  return {
    start() {
      deaf = bell.listen((threadId) => void quietly(logger, 'claim', () => hear(threadId)))
      every(sweepMs, 'sweep', sweep)
      every(HEARTBEAT_MS, 'heartbeat', () => (active.size > 0 ? queue.heartbeat() : Promise.resolve()))
    },
    async stop() {
      stopping.abort()
      deaf()
      for (const timer of timers.values()) clearTimeout(timer)
      await Promise.all(active.values())
    },
  }
}

/** Owns one thread until it rests; goes on at once when something came in meanwhile. */
const work = async (threadId: string, queue: Queue, loop: Loop, signal: AbortSignal): Promise<void> => {
  await quietly(loop.logger, 'work', async () => {
    for (;;) {
      const until = await restOf(threadId, loop, signal)
      const due = await queue.release(threadId, until)
      if (!due || signal.aborted || !(await queue.claimThread(threadId))) return
    }
  })
}

/** A thread that cannot go on (a bug, a log that cannot be read, no database) must not stop the others, nor spin. */
const restOf = async (threadId: string, loop: Loop, signal: AbortSignal): Promise<string | null> => {
  try {
    return await runThread(threadId, loop, signal)
  } catch (error) {
    loop.logger.error({ thread_id: threadId, err: error }, 'thread cannot go on')
    await sleep(PAUSE_AFTER_FAILURE_MS, undefined, { signal }).catch(() => {})
    return NOW
  }
}

/** Failures here are the database's: the sweep comes again, and leases end by themselves. */
const quietly = async (logger: Logger, what: string, task: () => Promise<void>): Promise<void> => {
  try {
    await task()
  } catch (error) {
    logger.warn({ err: error }, `${what} failed`)
  }
}
