import type { OpenRun } from '../thread/event.ts'
import { repositoriesOf, repositoryOf } from '../thread/repositories.ts'
import { clean } from '../thread/text.ts'
import { fileOf } from './gates.ts'
import type { Connect, Repo } from './github.ts'
import type { Places } from './live.ts'
import { statusOf } from './status.ts'

// What people start by hand or by API, as we do: among the newest of all runs a busy repository's tests would hide them. More than so many
// would be too much to hold, and what is held need not be sent again.
const NEWEST = 20
// The name of a run that a thread started ends in its dispatch_id.
const OURS = /(?:^| )[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}-\d+$/
const TITLE = 120
const LOGIN = 40

/** Runs of the services' workflows that somebody else started and that have not ended: one request for each repository. */
export const openRunsIn = async (connect: Connect, places: Places): Promise<OpenRun[]> => {
  const found = await Promise.all(
    repositoriesOf(places).map(async (repository) => {
      const files = Object.entries(places.services).filter(([name]) => repositoryOf(places, name) === repository)
      return files.length === 0 ? [] : openIn(await connect(repository), files)
    }),
  )
  return found.flat()
}

const openIn = async ({ octokit, owner, repo }: Repo, services: [string, { workflow: string }][]) => {
  const asked = { owner, repo, event: 'workflow_dispatch', per_page: NEWEST } as const
  const { data } = await octokit.rest.actions.listWorkflowRunsForRepo(asked)
  return data.workflow_runs.flatMap((run): OpenRun[] => {
    const workflow = fileOf(run)
    const of = services.filter(([, { workflow: file }]) => file === workflow).map(([name]) => name)
    // Ours are told as who deploys.
    if (statusOf(run.status) === 'completed' || of.length === 0 || OURS.test(run.display_title)) return []
    const { created_at: since, html_url } = run
    const status = statusOf(run.status)
    const by = clean(run.triggering_actor?.login ?? run.actor?.login ?? 'somebody', LOGIN)
    const title = clean(run.display_title, TITLE)
    return [{ services: of, workflow, status, title, by, since, html_url }]
  })
}
