import type { Actor, Event, EventType } from './event.ts'
import type { ShapeOf } from './shape.ts'

const TARGET = { tag: 'string', environment: 'string' } as const
const SERVICE_TARGET = { ...TARGET, service: 'string' } as const
const STEP = { intent: 'string' } as const
const TO = { to: 'number' } as const
const DISPATCH = { dispatch_id: 'string' } as const
const PROPOSAL = {
  ...TO,
  ...STEP,
  ...SERVICE_TARGET,
  args_hash: 'string',
  policy_version: 'string',
  expires_at: 'string',
  repository: 'string',
  workflow: 'string',
  ref: 'string',
  sha: 'string',
  live: 'object?',
  direction: 'string',
  commits: 'array',
  commits_total: 'number',
  compare_url: 'string?',
  stage: 'object?',
} as const
const RESULT = {
  ...SERVICE_TARGET,
  status: 'string',
  sha: 'string',
  run_id: 'number',
  html_url: 'string',
  message: 'string',
} as const

/**
 * Every type of event that this code knows. The compiler holds it to event.ts: whoever has to change a line that is here
 * already has changed what is stored, which asks for another SCHEMA_VERSION and a step in upcast.ts.
 */
export const SHAPES = {
  thread_launched: { agent: 'string', title: 'string' },
  message: { message: 'string' },
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
  deploy_backend: { ...STEP, ...TARGET },
  deploy_frontend: { ...STEP, ...TARGET },
  deploy_service: { ...STEP, ...SERVICE_TARGET },
  rollback: { ...STEP, ...SERVICE_TARGET },
  list_git_tags_result: { tags: 'array', more: 'boolean' },
  list_git_commits_result: { ref: 'string', commits: 'array' },
  compare_commits_result: {
    base: 'string',
    head: 'string',
    ahead_by: 'number',
    behind_by: 'number',
    commits: 'array',
    url: 'string',
  },
  check_deployment_status_result: { live: 'array' },
  get_workflow_status_result: { workflow_name: 'string', runs: 'array' },
  deploy_backend_result: RESULT,
  deploy_frontend_result: RESULT,
  deploy_service_result: RESULT,
  rollback_result: RESULT,
  error: { code: 'string', message: 'string' },
  approval_requested: { ...PROPOSAL, quorum: 'number', approvers: 'array', self_approval: 'boolean' },
  approval_waived: { ...PROPOSAL, reason: 'string' },
  approval_given: { ...TO, args_hash: 'string' },
  approval_denied: { ...TO, comment: 'string' },
  approval_expired: TO,
  approval_superseded: { ...TO, reason: 'string' },
  tool_started: { ...TO, ...DISPATCH, args_hash: 'string' },
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
  run_cancel_requested: { run_id: 'number', accepted: 'boolean', message: 'string' },
  slept: { until: 'string' },
  human_response: TO,
  escalated: { reason: 'string', question: 'string' },
  human_contacted: { ...TO, channel: 'string', ok: 'boolean' },
  cancelled: { reason: 'string' },
  forked: { from: 'string', at: 'number' },
  thread_failed: { code: 'string', message: 'string' },
} as const satisfies { [T in EventType]: ShapeOf<DataOf<T>> }

export const ACTORS = {
  person: { id: 'string' },
  caller: { id: 'string' },
  model: {
    model: 'string',
    prompt_hash: 'string',
    input_tokens: 'number',
    output_tokens: 'number',
    ms: 'number',
  },
  code: {},
  github: {},
} as const satisfies { [K in Actor['kind']]: ShapeOf<Omit<Extract<Actor, { kind: K }>, 'kind'>> }

type DataOf<T extends EventType> = Event extends infer E
  ? E extends { type: infer Types; data: infer D }
    ? T extends Types
      ? D
      : never
    : never
  : never
