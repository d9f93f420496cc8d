const DISPATCH = { dispatch_id: 'string' } as const
const RESULT = {
  service: 'string',
  environment: 'string',
  tag: 'string',
  status: 'string',
  sha: 'string',
  run_id: 'number',
  html_url: 'string',
  message: 'string',
} as const

/** How runs ended. */
export const RESULTS = {
  deploy_backend_result: RESULT,
  deploy_frontend_result: RESULT,
  deploy_service_result: RESULT,
  rollback_result: RESULT,
  run_tests_result: RESULT,
  open_gate_result: RESULT,
} as const

/** From the intent to the end of a run. */
export const RUNS = {
  tool_started: { to: 'number', ...DISPATCH, args_hash: 'string' },
  dispatch_accepted: { ...DISPATCH, run_id: 'number?', html_url: 'string?' },
  dispatch_deferred: { ...DISPATCH, until: 'string', reason: 'string' },
  dispatch_unclear: { ...DISPATCH, reason: 'string' },
  dispatch_unknown: { ...DISPATCH, question: 'string', choices: 'array' },
  run_reported: {
    ...DISPATCH,
    run_id: 'number',
    attempt: 'number',
    status: 'string',
    conclusion: 'string?',
    html_url: 'string',
  },
  run_restarted: { ...DISPATCH, run_id: 'number', attempt: 'number', message: 'string' },
  run_cancel_requested: { run_id: 'number', accepted: 'boolean', message: 'string' },
  ...RESULTS,
} as const
