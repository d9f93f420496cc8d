import type { DeployResult, Event } from './event.ts'
import type { Status, ThreadState } from './state.ts'

/** What a reader elsewhere wants to know of a thread beside what it waits for. */
export interface Story {
  title: string
  /** People who asked for it. */
  asked_by?: string[]
  /** Runs that ended, in order. */
  results: Pick<DeployResult, 'status' | 'service' | 'environment' | 'tag' | 'sha' | 'html_url'>[]
  /** Who said yes to what runs now, or ran last. */
  approved_by: string[]
  /** The last words of a thread that ended. */
  end: { status: Status; message: string } | null
}

/** Told from the log, so that it is the same whoever tells it. */
export const storyOf = (state: ThreadState, events: readonly Event[]): Story => ({
  title: state.title,
  asked_by: state.requesters,
  results: events.flatMap(resultIn),
  approved_by: approversIn(events),
  end: endOf(state),
})

const resultIn = (event: Event): Story['results'] => {
  switch (event.type) {
    case 'deploy_backend_result':
    case 'deploy_frontend_result':
    case 'deploy_service_result':
    case 'rollback_result':
    case 'run_tests_result': {
      const { status, service, environment, tag, sha, html_url } = event.data
      return [{ status, service, environment, tag, sha, html_url }]
    }
    default:
      return []
  }
}

/** Those since the newest question. */
const approversIn = (events: readonly Event[]): string[] => {
  const asked = events.findLast(({ type }) => type === 'approval_requested' || type === 'approval_waived')
  if (!asked) return []
  return events
    .slice(asked.seq)
    .flatMap(({ type, actor }) => (type === 'approval_given' && actor.kind === 'person' ? [actor.id] : []))
}

const endOf = (state: ThreadState): Story['end'] => {
  switch (state.status) {
    case 'done':
    case 'failed':
      return { status: state.status, message: state.message }
    case 'cancelled':
      return { status: state.status, message: state.reason }
    default:
      return null
  }
}
