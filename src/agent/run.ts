import { Refused } from '../thread/input.ts'
import { type Effect, lookAgainAt, next } from '../thread/next.ts'
import type { Policy } from '../thread/policy.ts'
import type { ThreadState } from '../thread/state.ts'
import { runOf } from '../thread/state.ts'
import { reached } from '../thread/time.ts'
import type { Known, Writer } from './door.ts'
import { type Call, perform } from './perform.ts'
import type { Around, Logger, Ports } from './ports.ts'

export interface Loop {
  writer: Writer
  ports: Ports
  policy: Policy
  logger: Logger
  around?: Around
}

type Live = Known & { state: ThreadState }

/**
 * Goes on with a thread until it rests: next, one outward call, decide, append, again.
 * Returns the time to wake it, null where only something from outside can. Stops between two steps when aborted.
 */
export const runThread = async (threadId: string, loop: Loop, signal: AbortSignal): Promise<string | null> => {
  const known = await loop.writer.read(threadId)
  if (!isLive(known)) return null
  const work = () => untilRest(known, loop, signal)
  return loop.around ? loop.around(known.state, work) : work()
}

const untilRest = async (found: Live, loop: Loop, signal: AbortSignal): Promise<string | null> => {
  let known: Known = found
  let fresh = 0
  while (isLive(known)) {
    const effect = next(known.state)
    if (effect.do === 'rest' && !(effect.until && reached(known.now, effect.until))) return effect.until
    if (signal.aborted) return known.now
    const before = known
    known = await step(effect, known, fresh, loop)
    fresh = startedSince(before.events.length, known)
    if (known.events.length === before.events.length) return lookAgain(known, loop)
  }
  return null
}

const isLive = (known: Known): known is Live => known.state !== null

/** One turn of the loop. What the thread no longer wants (it moved on meanwhile) is dropped. */
const step = async (effect: Effect, known: Live, fresh: number, loop: Loop): Promise<Known> => {
  const { writer, ports, policy, logger } = loop
  const { id, version } = known.state
  const at = performance.now()
  const input = await outcome(effect, known, fresh, ports, policy)
  logger.info({ thread_id: id, seq: version, effect: effect.do, ms: Math.round(performance.now() - at) }, input.type)
  try {
    return await writer.handle(id, input, known)
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    logger.info({ thread_id: id, seq: version, code: error.code }, `${input.type} dropped`)
    return writer.read(id, known)
  }
}

const outcome = async (effect: Effect, known: Live, fresh: number, ports: Ports, policy: Policy) => {
  if (effect.do === 'rest') return { type: 'timer' } as const
  if (effect.do === 'dispatch' && effect.started !== fresh) return notOurs(effect)
  return perform(effect, known, ports, policy)
}

/**
 * `tool_started` stands in the log, but not from this very turn: whoever wrote it may have called GitHub and died.
 * So it is never sent again, only looked for.
 */
const notOurs = ({ dispatch_id }: Extract<Call, { do: 'dispatch' }>) =>
  ({ type: 'dispatch_unclear', dispatch_id, reason: 'the process stopped between intent and outcome' }) as const

/** Seq of the `tool_started` that the latest turn appended last; 0: it did not. */
const startedSince = (length: number, known: Known): number => {
  const last = known.events.at(-1)
  return last?.type === 'tool_started' && last.seq > length ? last.seq : 0
}

const lookAgain = ({ state, now }: Known, { logger }: Loop): string => {
  const run = state && runOf(state)
  if (!run) logger.warn({ thread_id: state?.id }, 'a turn changed nothing')
  return lookAgainAt(run ? run.since : now, now)
}
