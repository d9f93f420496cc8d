import { ToolError } from '../agent/ports.ts'
import { hasStatus } from './errors.ts'
import type { Repo } from './github.ts'
import { nearest } from './nearest.ts'

/** The last five runs of a workflow. */
export const lastRuns = async (repo: Repo, workflow: string) => {
  const { octokit, owner, repo: name } = repo
  if (!isFileName(workflow)) throw await unknownWorkflow(repo, workflow)
  try {
    const asked = { owner, repo: name, workflow_id: workflow, per_page: 5 }
    const { data } = await octokit.rest.actions.listWorkflowRuns(asked)
    return data.workflow_runs.map((run) => ({
      id: Number(run.id),
      status: run.status ?? 'unknown',
      conclusion: run.conclusion,
      title: run.display_title,
      html_url: run.html_url,
      created_at: run.created_at,
    }))
  } catch (error) {
    throw hasStatus(error, 404) ? await unknownWorkflow(repo, workflow) : error
  }
}

/** A name of dots alone would leave its place in the URL, and the model chooses these names. */
export const isFileName = (workflow: string): boolean => /[^.]/.test(workflow)

/** That the repository has no such workflow file, with the names most like it. */
export const unknownWorkflow = async ({ octokit, owner, repo }: Repo, workflow: string): Promise<ToolError> => {
  const { data } = await octokit.rest.actions.listRepoWorkflows({ owner, repo, per_page: 100 })
  const files = data.workflows.map(({ path }) => path.split('/').at(-1) ?? path)
  const message = `${owner}/${repo} has no workflow ${workflow.slice(0, 200)}`
  return new ToolError('unknown_workflow', message, { nearest: nearest(workflow, files) })
}
