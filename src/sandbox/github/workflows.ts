import type { World } from './world.ts'

/** What a workflow file says. They are the ones in `.github/examples/`, as far as an API can see. */
export interface WorkflowFile {
  id: number
  file: string
  name: string
  inputs: Record<string, { required: boolean }>
  job: string
  steps: string[]
}

const inputs = {
  dispatch_id: { required: true },
  service: { required: true },
  environment: { required: true },
  tag: { required: true },
  sha: { required: true },
}
export const checkRequest = 'Check the request'
const deploySteps = [checkRequest, 'Check out the approved commit', 'Record the deployment', 'Deploy', 'Report']

/** Those of the shop. */
export const shop: WorkflowFile[] = [
  { id: 9101, file: 'deploy-backend.yml', name: 'Deploy backend', inputs, job: 'deploy', steps: deploySteps },
  { id: 9102, file: 'deploy-frontend.yml', name: 'Deploy frontend', inputs, job: 'deploy', steps: deploySteps },
  {
    id: 9103,
    file: 'e2e.yml',
    name: 'End-to-end tests',
    inputs,
    job: 'e2e',
    steps: ['Check out the approved commit', 'Run the end-to-end tests', 'Report'],
  },
]

const search: WorkflowFile = {
  ...{ id: 9201, file: 'deploy-search.yml', name: 'Deploy search', inputs, job: 'deploy', steps: deploySteps },
}
/** Those of all repositories. */
export const workflows = [...shop, search]

/** The job before all others where a fence is kept, and its only step. */
export const claimJob = 'Claim'
export const claimStep = 'Claim the dispatch'

export const checkOut = 'Check out the approved commit'
export const deploys = (workflow: WorkflowFile): boolean => workflow.steps.includes('Deploy')

/** By number or by file name, as the API takes both. */
export const findWorkflow = ({ workflows }: Pick<World, 'workflows'>, idOrFile: string): WorkflowFile | undefined =>
  workflows.find((workflow) => workflow.file === idOrFile || String(workflow.id) === idOrFile)

export const workflowOf = (file: string): WorkflowFile => {
  const workflow = findWorkflow({ workflows }, file)
  if (!workflow) throw new Error(`the sandbox has no workflow ${file}`)
  return workflow
}
