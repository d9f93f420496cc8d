const TO = { to: 'number' } as const

/** What a release gathers and does. */
export const RELEASES = {
  pull_request_merged: {
    number: 'number',
    title: 'string',
    author: 'string',
    url: 'string',
    sha: 'string',
    branch: 'string',
    merged_by: 'string?',
    merged_at: 'string',
  },
  release_planned: {
    sha: 'string',
    services: 'array',
    steps: 'array',
    tests: 'object',
    on_failure: 'string?',
    pull_requests: 'array',
  },
  restart_offered: { question: 'string', pull_requests: 'array', choices: 'array' },
  release_finished: { outcome: 'string', message: 'string', sha: 'string', left: 'array' },
  merges_handed_on: { thread_id: 'string', pull_requests: 'array' },
} as const

/** Between a thread and those that it launched. */
export const CHILDREN = {
  child_launched: { ...TO, child_id: 'string', agent: 'string' },
  child_ended: { ...TO, child_id: 'string', status: 'string', message: 'string', results: 'array' },
  child_stopped: { ...TO, accepted: 'boolean', message: 'string' },
  parent_told: TO,
} as const
