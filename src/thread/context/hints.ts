/** What is allowed after an error, by its code, beside asking a person: short, as the model reads it each time. */
const HINTS: Record<string, string> = {
  unknown_tag: 'a known tag',
  unknown_service: 'a known service',
  unknown_environment: 'a known environment',
  unknown_ref: 'a known branch or tag',
  unknown_workflow: 'a known workflow',
  goes_backward: 'rollback, if this tag was asked for',
  stage_missing: 'deploy to that stage first',
  frozen: 'wait until it ends',
  locked: 'only people unlock',
  environment_busy: 'wait',
  not_on_branch: 'a commit of the branch',
  not_its_step: 'one of these steps',
  bad_wait: 'a wait within these bounds',
  bad_question: 'a question with its choices',
  run_failed: 'ask: again, roll back or leave',
  not_found: 'another name',
  moved: 'ask; an admin must correct the configuration',
  installation_gone: 'ask; an admin must install the app',
  github_forbidden: 'ask; an admin must grant the right',
  github_unauthorised: 'ask; an admin must renew the key',
  model_unreadable: 'one JSON object of one listed shape',
  model_ambiguous: 'one JSON object of one listed shape',
  model_truncated: 'a shorter reply',
}

const OTHERWISE = 'another step'

export const allowedAfter = (code: string): string =>
  Object.hasOwn(HINTS, code) ? (HINTS[code] ?? OTHERWISE) : OTHERWISE
