/** What waits at a gate, and how it was turned away. */
export const GATES = {
  gate_requested: {
    repository: 'string',
    run_id: 'number',
    attempt: 'number',
    environment: 'string',
    workflow: 'string',
    ref: 'string',
    sha: 'string',
    service: 'string',
    title: 'string',
    event: 'string',
    requested_by: 'string?',
    html_url: 'string',
  },
  close_gate_result: { to: 'number', accepted: 'boolean', message: 'string' },
} as const
