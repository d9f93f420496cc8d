import type { Event, EventType } from '../event.ts'

/** Events that say how a thread goes, to people who do not read its log. */
const NEWS: Partial<Record<EventType, true>> = {
  approval_requested: true,
  approval_given: true,
  approval_denied: true,
  approval_expired: true,
  approval_superseded: true,
  request_human_input: true,
  request_more_information: true,
  escalated: true,
  dispatch_unknown: true,
  restart_offered: true,
  human_response: true,
  turn_awaited: true,
  tool_started: true,
  dispatch_accepted: true,
  run_reported: true,
  deploy_backend_result: true,
  deploy_frontend_result: true,
  deploy_service_result: true,
  rollback_result: true,
  run_tests_result: true,
  open_gate_result: true,
  close_gate_result: true,
  child_launched: true,
  child_ended: true,
  release_planned: true,
  release_finished: true,
  done_for_now: true,
  nothing_to_do: true,
  cancelled: true,
  thread_failed: true,
}

export const isNews = ({ type }: Event): boolean => NEWS[type] === true
