/** The course of a thread and of its conversation. */
export const TURNS = {
  thread_launched: { agent: 'string', title: 'string' },
  message: { message: 'string' },
  error: { code: 'string', message: 'string' },
  slept: { until: 'string' },
  human_response: { to: 'number' },
  escalated: { reason: 'string', question: 'string' },
  cancelled: { reason: 'string' },
  forked: { from: 'string', at: 'number' },
  thread_failed: { code: 'string', message: 'string' },
} as const
