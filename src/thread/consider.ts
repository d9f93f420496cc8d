import { answer } from './answer.ts'
import { cancel, message } from './ask.ts'
import { childEnded, childLaunched, childStopped, parentTold } from './child.ts'
import { claim } from './claim.ts'
import { contacted } from './contact/told.ts'
import type { At } from './decide.ts'
import type { NewEvent } from './event.ts'
import { dispatchAnswered, rerun, runCancelRequested, runSeen } from './follow.ts'
import { gateClosed, gateGone } from './gate/answer.ts'
import type { Input } from './input.ts'
import { Refused } from './input.ts'
import { unlock } from './lock.ts'
import { prepared } from './propose.ts'
import { handedOn, merged } from './release/merge.ts'
import type { Rules } from './rules.ts'
import { factsFailed, factsFetched, modelFailed, stepSelected, toolFailed, toolReturned } from './select.ts'
import type { ThreadState } from './state.ts'
import { laneSeen } from './turn.ts'
import { timer } from './wake.ts'

/** What an input to a thread that there is comes to by itself: each kind has its place. */
export const consider = (input: At<Input>, state: ThreadState, rules: Rules): NewEvent[] => {
  switch (input.type) {
    case 'launch':
    case 'lock':
    case 'link':
      throw new Refused('already_launched', 'this thread was launched before')
    case 'message':
      return message(input, state)
    case 'respond':
      return answer(input, state, rules)
    case 'cancel':
      return cancel(input, state)
    case 'unlock':
      return unlock(input, state, rules)
    case 'facts_fetched':
      return factsFetched(input, state, rules)
    case 'facts_failed':
      return factsFailed(input, state)
    case 'step_selected':
      return stepSelected(input, state, rules)
    case 'model_failed':
      return modelFailed(input, state)
    case 'tool_returned':
      return toolReturned(input, state, rules)
    case 'tool_failed':
      return toolFailed(input, state)
    case 'prepared':
      return prepared(input, state, rules)
    case 'lane_seen':
      return laneSeen(input, state, rules)
    case 'contacted':
      return contacted(input, state)
    case 'timer':
      return timer(input.at, state, rules)
    case 'claim':
    case 'rerun':
    case 'dispatch_accepted':
    case 'dispatch_refused':
    case 'dispatch_deferred':
    case 'dispatch_unclear':
    case 'run_seen':
    case 'run_unreadable':
    case 'run_cancel_requested':
    case 'gate_closed':
    case 'gate_gone':
      return fromRuns(input, state)
    default:
      return fromThreads(input, state)
  }
}

type FromRuns = Extract<
  Input,
  { dispatch_id: string } | { type: 'run_cancel_requested' | 'claim' | 'rerun' | 'gate_closed' | 'gate_gone' }
>

const fromRuns = (input: At<FromRuns>, state: ThreadState): NewEvent[] => {
  switch (input.type) {
    case 'claim':
      return claim(input, state)
    case 'rerun':
      return rerun(input, state)
    case 'dispatch_accepted':
    case 'dispatch_refused':
    case 'dispatch_deferred':
    case 'dispatch_unclear':
      return dispatchAnswered(input, state)
    case 'run_seen':
      return runSeen(input, state)
    case 'run_unreadable':
      // Looked at again soon; `run_seen` decides when a person must look.
      return []
    case 'run_cancel_requested':
      return runCancelRequested(input, state)
    case 'gate_closed':
      return gateClosed(input, state)
    case 'gate_gone':
      return gateGone(state)
  }
}

type FromThreads = Extract<
  Input,
  { type: 'merged' | 'child_ended' | 'child_launched' | 'child_stopped' | 'parent_told' | 'merges_handed_on' }
>

const fromThreads = (input: At<FromThreads>, state: ThreadState): NewEvent[] => {
  switch (input.type) {
    case 'merged':
      return merged(input, state)
    case 'child_ended':
      return childEnded(input, state)
    case 'child_launched':
      return childLaunched(input, state)
    case 'child_stopped':
      return childStopped(input, state)
    case 'parent_told':
      return parentTold(input, state)
    case 'merges_handed_on':
      return handedOn(input, state)
  }
}
