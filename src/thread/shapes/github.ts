/** What read tools found. */
export const READS = {
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
} as const
