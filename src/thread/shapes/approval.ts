const TO = { to: 'number' } as const
const PROPOSAL = {
  ...TO,
  intent: 'string',
  service: 'string',
  environment: 'string',
  tag: 'string',
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

/** Questions that bind to arguments, and what became of them. */
export const APPROVALS = {
  approval_requested: { ...PROPOSAL, quorum: 'number', approvers: 'array', self_approval: 'boolean' },
  approval_waived: { ...PROPOSAL, reason: 'string' },
  approval_given: { ...TO, args_hash: 'string' },
  approval_withdrawn: TO,
  approval_denied: { ...TO, comment: 'string' },
  approval_expired: TO,
  approval_superseded: { ...TO, reason: 'string' },
} as const
