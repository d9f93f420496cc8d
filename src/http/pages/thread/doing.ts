import { type Effect, next } from '../../../thread/next.ts'
import type { ThreadState } from '../../../thread/state.ts'

/** What a running thread does at this moment; null: it is not running, or about to do something else. */
export const doing = (state: ThreadState, now: string): string | null =>
  state.status === 'running' ? inWords(next(state, now)) : null

const inWords = (effect: Effect): string | null => {
  switch (effect.do) {
    case 'fetch_facts':
      return 'looks up tags, what is live and who deploys'
    case 'ask_model':
      return 'asks the model for the next step'
    case 'run_tool':
      return 'looks something up at GitHub'
    case 'prepare':
      return effect.approved ? 'reads the facts again, before it starts' : 'reads what would ship'
    case 'dispatch':
      return 'starts the workflow'
    case 'contact_human':
      return 'tells people'
    case 'launch_child':
      return 'hands over to an agent'
    case 'check_lane':
    case 'check_run':
    case 'cancel_run':
    case 'close_gate':
    case 'stop_child':
    case 'tell_parent':
    case 'hand_on':
    case 'rest':
      return null
  }
}
