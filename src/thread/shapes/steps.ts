const STEP = { intent: 'string' } as const
const TARGET = { ...STEP, tag: 'string', environment: 'string' } as const
const SERVICE_TARGET = { ...TARGET, service: 'string' } as const

/** Selected steps. */
export const STEPS = {
  done_for_now: { ...STEP, message: 'string' },
  nothing_to_do: { ...STEP, message: 'string' },
  request_more_information: { ...STEP, question: 'string' },
  request_human_input: { ...STEP, question: 'string', context: 'string', options: 'object' },
  wait: { ...STEP, seconds: 'number', reason: 'string' },
  list_git_tags: STEP,
  list_git_commits: { ...STEP, ref: 'string' },
  compare_commits: { ...STEP, base: 'string', head: 'string' },
  check_deployment_status: STEP,
  get_workflow_status: { ...STEP, workflow_name: 'string' },
  deploy_backend: TARGET,
  deploy_frontend: TARGET,
  deploy_service: SERVICE_TARGET,
  rollback: SERVICE_TARGET,
  run_tests: { ...SERVICE_TARGET, workflow: 'string', ref: 'string' },
  open_gate: {
    ...STEP,
    run_id: 'number',
    attempt: 'number',
    workflow: 'string',
    ref: 'string',
    service: 'string',
    sha: 'string',
    environment: 'string',
  },
  close_gate: { ...STEP, run_id: 'number', environment: 'string', reason: 'string' },
  delegate: { ...STEP, agent: 'string', message: 'string', context: 'object' },
} as const
