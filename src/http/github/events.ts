/** The events that are acted on, by GitHub's names. What is not here need not be sent. */
export const EVENTS = [
  'workflow_run',
  'workflow_job',
  'deployment_status',
  'deployment_protection_rule',
  'pull_request',
  'issue_comment',
] as const
