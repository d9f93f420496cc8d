import type { Event, Proposal } from '../thread/event.ts'
import type { Outcome } from '../thread/input.ts'
import type { Effect } from '../thread/next.ts'
import type { Policy } from '../thread/policy.ts'
import type { ThreadState } from '../thread/state.ts'
import type { WriteStep } from '../thread/step.ts'
import { targetOf } from '../thread/target.ts'
import { reachThread } from './between.ts'
import { answerTo, closeGate } from './close-gate.ts'
import { contact } from './contact.ts'
import { opinionOn, withOpinion } from './doubt.ts'
import { failure, look, lookAround } from './look.ts'
import { withOrigin } from './own-run.ts'
import { type DispatchOrder, type Ports, type Prompt, ToolError } from './ports.ts'

export type Call = Exclude<Effect, { do: 'rest' }>

/** What a call may need to know of its thread. */
interface Context {
  state: ThreadState
  events: readonly Event[]
  prompt(policy: Policy): Prompt
}

/** Exactly one outward call, and what came of it. Failures are outcomes too; what throws here is a bug of ours. */
export const perform = (
  effect: Call,
  context: Context,
  ports: Ports,
  policy: Policy,
  signal: AbortSignal,
): Promise<Outcome> => {
  switch (effect.do) {
    case 'fetch_facts':
      return lookAround(ports, context.state.id)
    case 'ask_model':
      return askModel(effect, context.prompt(policy), ports, signal)
    case 'run_tool':
      return reading(effect.to, async () => {
        return { type: 'tool_returned', to: effect.to, result: await look(ports, effect.step, context.state.id) }
      })
    case 'prepare':
      return withOpinion(
        prepare(effect, context.state, ports, policy),
        opinionOn(effect, context, ports, policy, signal),
      )
    case 'check_lane':
      return checkLane(effect, context.state.id, ports)
    case 'dispatch':
      return dispatch(effect, ports, signal)
    case 'check_run':
      return checkRun(effect, ports)
    case 'cancel_run':
      return cancelRun(effect, ports)
    case 'close_gate':
      return closeGate(effect, context.state.id, ports)
    case 'contact_human':
      return contact(effect.tellings, context, ports)
    default:
      return reachThread(effect, context.state, ports)
  }
}

type Ask = Extract<Effect, { do: 'ask_model' }>

const askModel = async ({ seen, over_limit }: Ask, prompt: Prompt, { model }: Ports, signal: AbortSignal) => {
  const answer = await model.next(prompt, signal, { over_limit: over_limit === true })
  if (answer.ok) return { type: 'step_selected', step: answer.step, seen, call: answer.call } as const
  const { ok: _, ...why } = answer
  return { type: 'model_failed', ...why } as const
}

const reading = async (to: number, read: () => Promise<Outcome>): Promise<Outcome> => {
  try {
    return await read()
  } catch (error) {
    return { type: 'tool_failed', to, ...failure(error) }
  }
}

/**
 * The lane is looked at before GitHub is: whoever is found to have left it has left before what is live was read. While somebody
 * is in it, an approved step waits, and GitHub is not asked. A run that waits at a gate may itself be the one that is in the lane.
 */
const prepare = (effect: Extract<Effect, { do: 'prepare' }>, state: ThreadState, ports: Ports, policy: Policy) =>
  reading(effect.to, async () => {
    const { step, to, approved } = effect
    const target = targetOf(step, policy)
    if ('unknown' in target) throw new ToolError(target.code, target.unknown, { nearest: target.nearest })
    const lane = await ports.lanes.look(target, state.id)
    if (approved && lane.holder && !target.gate) return { type: 'lane_seen', to, holder: lane.holder }
    const facts = await ports.tools.prepare({ ...target, ...branchOf(state, step, policy) })
    return { type: 'prepared', to, facts: await withOrigin(facts, ports.threads), lane }
  })

/** What a release ships must be on its branch still, also where its agent ships it. To go back may well mean to leave that branch. */
const branchOf = ({ release, parent }: ThreadState, { intent }: WriteStep, { release: rules }: Policy) =>
  rules && (release || parent) && intent.startsWith('deploy_') ? { branch: rules.branch } : {}

const checkLane = async (effect: Extract<Effect, { do: 'check_lane' }>, threadId: string, { lanes }: Ports) => {
  const { holder } = await lanes.look(effect, threadId)
  return { type: 'lane_seen', to: effect.to, holder } as const
}

const orderOf = (dispatch_id: string, proposal: Proposal, comment = ''): DispatchOrder => {
  const { repository, workflow, ref, service, environment, tag, sha, gate } = proposal
  const order = { dispatch_id, repository, workflow, ref, service, environment, tag, sha }
  return gate ? { ...order, gate: answerTo(gate, 'approved', comment) } : order
}

const dispatch = async (effect: Extract<Effect, { do: 'dispatch' }>, { tools }: Ports, signal: AbortSignal) => {
  const { dispatch_id, proposal, comment } = effect
  const { outcome, ...answer } = await tools.dispatch(orderOf(dispatch_id, proposal, comment), signal)
  return { type: `dispatch_${outcome}`, dispatch_id, ...answer } as Outcome
}

/** An unreadable run is no news: it is looked at again soon, and after minutes a person is asked. */
const checkRun = async (effect: Extract<Effect, { do: 'check_run' }>, { tools }: Ports): Promise<Outcome> => {
  const { dispatch_id, run_id, proposal } = effect
  try {
    const run = await tools.verify(orderOf(dispatch_id, proposal), run_id)
    return { type: 'run_seen', dispatch_id, run }
  } catch (error) {
    if (!(error instanceof ToolError)) throw error
    return { type: 'run_unreadable', dispatch_id, code: error.code, message: error.message }
  }
}

const cancelRun = async ({ run_id, repository }: Extract<Effect, { do: 'cancel_run' }>, { tools }: Ports) => {
  const answer = await tools.cancelRun(repository, run_id)
  return { type: 'run_cancel_requested', run_id, ...answer } as const
}
