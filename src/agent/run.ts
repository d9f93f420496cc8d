import { type Effect, LANE_PAUSE_MS, lookAgainAt, next } from '../thread/next.ts'
import type { Policy } from '../thread/policy.ts'
import { runOf } from '../thread/state.ts'
import { reached } from '../thread/time.ts'
import { type Call, perform } from './perform.ts'
import type { Around, Logger, Ports } from './ports.ts'
import type { Session } from './session.ts'

export interface Loop {
  ports: Ports
  policy: Policy
  logger: Logger
  now: () => Promise<string>
  around?: Around
}

/** Goes on with a thread until it rests: next, one outward call, decide, append, again. Stops between two steps when aborted. */
export const runThread = (session: Session, loop: Loop, signal: AbortSignal): Promise<void> => {
  const work = () => untilRest(session, loop, signal)
  return loop.around ? loop.around(session.state, work) : work()
}

const untilRest = async (session: Session, loop: Loop, signal: AbortSignal): Promise<void> => {
  while (!signal.aborted || isIntended(session)) {
    if (await turn(session, loop, signal)) return
  }
  await session.drop()
}

/**
 * A stop comes between an intent and its POST. Then it is written down that nothing was sent: without that, whoever goes on looks for a
 * run for five minutes, and the place is held meanwhile.
 */
const isIntended = (session: Session): boolean => {
  const effect = next(session.state)
  return effect.do === 'dispatch' && session.intends(effect.started)
}

/** One turn of the loop. True: the thread rests, and is no longer ours. */
const turn = async (session: Session, loop: Loop, signal: AbortSignal): Promise<boolean> => {
  const effect = next(session.state, await loop.now())
  if (effect.do === 'rest') return rest(effect.until, session, loop)
  if (needsCommit(effect) && !session.isSettled) {
    await session.settled()
    return false
  }
  // Committed while the call is under way; where that is short, together with what comes of it.
  const soon = setTimeout(() => session.flush(), session.patience)
  const before = session.state
  const outcome = await outcomeOf(effect, session, loop, signal).finally(() => clearTimeout(soon))
  // A call that was given up because we stop has not failed: it is made again by whoever goes on.
  if (signal.aborted && !acts(effect)) return false
  await session.take(outcome)
  return session.state === before ? session.rest(await lookAgain(session, loop), before) : false
}

const rest = async (until: string | null, session: Session, { now }: Loop): Promise<boolean> => {
  const before = session.state
  if (until === null || !reached(await now(), until)) return session.rest(until, before)
  await session.take({ type: 'timer' })
  // Woken a moment too early by another clock than the one that decides.
  return session.state === before ? session.rest(until, before) : false
}

/** What changes the world, or tells people, must not happen before its reason is committed. */
const needsCommit = (effect: Call): boolean => acts(effect) || TELLS.includes(effect.do)

const TELLS: Call['do'][] = ['contact_human', 'launch_child', 'stop_child', 'tell_parent', 'hand_on', 'close_gate']

const acts = ({ do: what }: Call): boolean => what === 'dispatch' || what === 'cancel_run'

const outcomeOf = async (effect: Call, session: Session, { ports, policy, logger }: Loop, signal: AbortSignal) => {
  const at = performance.now()
  const outcome =
    effect.do === 'dispatch' && !session.owns(effect.started)
      ? notOurs(effect)
      : await perform(effect, session, ports, policy, signal)
  const fields = { thread_id: session.id, seq: session.events.length, effect: effect.do }
  logger.info({ ...fields, ms: Math.round(performance.now() - at) }, outcome.type)
  return outcome
}

/**
 * `tool_started` stands in the log, but not from this session just now: whoever wrote it may have called GitHub and died.
 * So it is never sent again, only looked for.
 */
const notOurs = ({ dispatch_id }: Extract<Effect, { do: 'dispatch' }>) =>
  ({ type: 'dispatch_unclear', dispatch_id, reason: 'the process stopped between intent and outcome' }) as const

const lookAgain = async ({ id, state }: Session, { logger, now }: Loop): Promise<string> => {
  const at = await now()
  if (state.status === 'sleeping' && state.turn) return lookAgainAt(state.turn.since, at, LANE_PAUSE_MS)
  const run = runOf(state)
  // A cancelled thread asks GitHub again until it has heard.
  const since = run?.since ?? (state.status === 'cancelled' ? state.updated_at : null)
  if (since === null) logger.warn({ thread_id: id, seq: state.version }, 'a turn changed nothing')
  return lookAgainAt(since ?? at, at)
}
