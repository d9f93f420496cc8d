import type { ReadResult } from '../thread/event.ts'
import type { ReadStep } from '../thread/step.ts'
import { compareCommits, listCommits } from './commits.ts'
import type { Repo } from './github.ts'
import { type Places, whatIsLive } from './live.ts'
import { listTags } from './tags.ts'
import { lastRuns } from './workflows.ts'

/** Looks something up. A new read tool is one case here. */
export const read = async (repo: Repo, map: Places, step: ReadStep): Promise<ReadResult> => {
  const { intent } = step
  switch (intent) {
    case 'list_git_tags':
      return { intent, data: await listTags(repo) }
    case 'list_git_commits':
      return { intent, data: { ref: step.ref, commits: await listCommits(repo, step.ref) } }
    case 'compare_commits':
      return { intent, data: await compareCommits(repo, step.base, step.head) }
    case 'check_deployment_status':
      return { intent, data: { live: await whatIsLive(repo, map, step) } }
    case 'get_workflow_status': {
      const { workflow_name } = step
      return { intent, data: { workflow_name, runs: await lastRuns(repo, workflow_name) } }
    }
  }
}
