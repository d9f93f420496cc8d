import type { Doubt, Event } from '../thread/event.ts'
import type { Outcome } from '../thread/input.ts'
import type { Effect } from '../thread/next.ts'
import { environmentPolicy, type Policy } from '../thread/policy.ts'
import { toYaml } from '../thread/yaml.ts'
import type { Ports, Prompt } from './ports.ts'

interface Context {
  events: readonly Event[]
  prompt(policy: Policy): Prompt
}

/** What a judge, where there is one, has against a step that a model chose and that people are about to be asked about. */
export const doubtAbout = async (
  { step, to, approved }: Extract<Effect, { do: 'prepare' }>,
  context: Context,
  { judge }: Pick<Ports, 'judge'>,
  policy: Policy,
  signal: AbortSignal,
): Promise<Doubt | null> => {
  const chosenByModel = context.events[to - 1]?.actor.kind === 'model'
  const isAsked = environmentPolicy(policy, step.environment).approvals > 0
  if (!judge || approved || !chosenByModel || !isAsked) return null
  return judge.doubt(context.prompt(policy), toYaml({ ...step }), signal)
}

/** The facts, and beside them what somebody has against the step: both are asked at once, so nobody waits longer for the facts. */
export const withDoubt = async (preparing: Promise<Outcome>, doubting: Promise<Doubt | null>): Promise<Outcome> => {
  const [outcome, doubt] = await Promise.all([preparing, doubting])
  return outcome.type === 'prepared' && doubt ? { ...outcome, doubt } : outcome
}
