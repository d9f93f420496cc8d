import type { Event, EventOf } from './event.ts'
import { asking, doing, idle, sleeping, unknownType } from './situation.ts'
import type { Situation } from './state.ts'
import type { Intent } from './step.ts'
import { after } from './time.ts'

export type StepEvent = EventOf<Intent>

/** A selected step is the event whose type is its intent. */
export const isStep = (event: Event): event is StepEvent => 'intent' in event.data && event.data.intent === event.type

/** Selected is not invoked: a write step is first only prepared. */
export const afterStep = (event: StepEvent): Situation => {
  switch (event.type) {
    case 'done_for_now':
    case 'nothing_to_do':
      return { status: 'done', message: event.data.message, seq: event.seq }
    case 'request_more_information':
      return asking({ seq: event.seq, question: event.data.question })
    case 'request_human_input': {
      const { question, context, options } = event.data
      return asking({ seq: event.seq, question, context, options })
    }
    case 'wait':
      return sleeping(event, after(event.at, event.data.seconds), event.data.reason, null)
    case 'list_git_tags':
    case 'list_git_commits':
    case 'compare_commits':
    case 'check_deployment_status':
    case 'get_workflow_status':
      return doing({ do: 'read', step: event.data, seq: event.seq })
    case 'deploy_backend':
    case 'deploy_frontend':
    case 'deploy_service':
    case 'rollback':
    case 'run_tests':
    case 'open_gate':
      return doing({
        do: 'prepare',
        step: event.data,
        seq: event.seq,
        ...(event.actor.kind === 'person' ? { edited: true } : {}),
      })
    case 'close_gate':
      // It is said to GitHub as long as the gate is not closed (next.ts).
      return idle
    case 'delegate':
      return doing({ do: 'delegate', step: event.data, seq: event.seq })
    default:
      return unknownType(event)
  }
}
