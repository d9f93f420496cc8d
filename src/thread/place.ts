import type { Event } from './event.ts'

/** What a thread is about: null where it has come to nothing yet, or is about every service. */
export interface Aim {
  service: string | null
  environment: string
}

/**
 * What was last to be deployed, tested, let on or locked, and where. Taken from events that change the status of a thread with them, so that
 * the index is not written once more because of it.
 */
export const aimAfter = (before: Aim | null, event: Event): Aim | null => {
  switch (event.type) {
    case 'approval_requested':
    case 'approval_waived':
    case 'gate_requested':
    case 'environment_locked': {
      const { service, environment } = event.data
      return { service, environment }
    }
    default:
      return before
  }
}
