import type { ReadResult } from '../thread/event.ts'
import { repositoriesOf, repositoriesWith } from '../thread/repositories.ts'
import type { ReadStep } from '../thread/step.ts'
import type { Connect, Repo } from './github.ts'
import { type Places, whatIsLive } from './live.ts'
import { commitsIn, comparedIn, runsIn, tagsIn } from './several.ts'

/** Looks something up, in all repositories of the team where it has several. A new read tool is one case here. */
export const read = async (connect: Connect, places: Places, step: ReadStep): Promise<ReadResult> => {
  const { intent } = step
  const repos = (names = repositoriesOf(places)): Promise<Repo[]> => Promise.all(names.map((name) => connect(name)))
  switch (intent) {
    case 'list_git_tags':
      return { intent, data: await tagsIn(await repos()) }
    case 'list_git_commits':
      return { intent, data: await commitsIn(await repos(), step.ref) }
    case 'compare_commits':
      return { intent, data: await comparedIn(await repos(), step.base, step.head) }
    case 'check_deployment_status':
      return { intent, data: { live: await whatIsLive(connect, places, step) } }
    case 'get_workflow_status': {
      const { workflow_name } = step
      return {
        intent,
        data: { workflow_name, runs: await runsIn(await repos(usersOf(workflow_name, places)), workflow_name) },
      }
    }
  }
}

/** A workflow that services name is looked for where they are; any other may be anywhere. */
const usersOf = (workflow: string, places: Places): string[] => {
  const users = Object.keys(places.services).filter((name) => places.services[name]?.workflow === workflow)
  return users.length > 0 ? repositoriesWith(users, places) : repositoriesOf(places)
}
