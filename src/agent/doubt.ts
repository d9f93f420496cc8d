import type { Event, Opinion } from '../thread/event.ts'
import type { Outcome } from '../thread/input.ts'
import type { Effect } from '../thread/next.ts'
import { environmentPolicy, type Policy } from '../thread/policy.ts'
import type { ThreadState } from '../thread/state.ts'
import { toYaml } from '../thread/yaml.ts'
import type { Ports, Prompt } from './ports.ts'

interface Context {
  state: Pick<ThreadState, 'over_limit'>
  events: readonly Event[]
  prompt(policy: Policy): Prompt
}

/**
 * What a judge, where there is one, has against a step that a model chose and that people are about to be asked about. It is asked once:
 * where the facts could not be read, what it said stands in the error.
 */
export const opinionOn = async (
  { step, to, approved }: Extract<Effect, { do: 'prepare' }>,
  context: Context,
  { judge }: Pick<Ports, 'judge'>,
  policy: Policy,
  signal: AbortSignal,
): Promise<Opinion> => {
  const chosenByModel = context.events[to - 1]?.actor.kind === 'model'
  const isAsked = environmentPolicy(policy, step.environment).approvals > 0
  if (!judge || approved || !chosenByModel || !isAsked) return {}
  const { doubt: known, judged } = heldIn(context.events, to)
  if (judged && judged.failed === undefined) return known ? { doubt: known } : {}
  const question = { ...context.prompt(policy), step: toYaml({ ...step }) }
  const answer = await judge.doubt(question, signal, { over_limit: context.state.over_limit })
  if (!answer.ok) return { judged: { ...answer.call, failed: answer.message } }
  return { ...(answer.doubt ? { doubt: answer.doubt } : {}), judged: answer.call }
}

const heldIn = (events: readonly Event[], to: number): Opinion => {
  const error = events.findLast((event) => event.type === 'error' && event.data.to === to && event.data.judged)
  return error?.type === 'error' ? error.data : {}
}

/** The facts, and beside them what somebody has against the step: both are asked at once, so nobody waits longer for the facts. */
export const withOpinion = async (preparing: Promise<Outcome>, judging: Promise<Opinion>): Promise<Outcome> => {
  const [outcome, opinion] = await Promise.all([preparing, judging])
  return outcome.type === 'prepared' || outcome.type === 'tool_failed' ? { ...outcome, ...opinion } : outcome
}
