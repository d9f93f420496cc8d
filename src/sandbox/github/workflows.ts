/** What the three workflow files of the shop say. They are the ones in `.github/examples/`, as far as an API can see. */
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

export const workflows: WorkflowFile[] = [
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

/** The job before all others where a fence is kept, and its only step. */
export const claimJob = 'Claim'
export const claimStep = 'Claim the dispatch'

export const checkOut = 'Check out the approved commit'
export const deploys = (workflow: WorkflowFile): boolean => workflow.steps.includes('Deploy')

/** By number or by file name, as the API takes both. */
export const findWorkflow = (idOrFile: string): WorkflowFile | undefined =>
  workflows.find((workflow) => workflow.file === idOrFile || String(workflow.id) === idOrFile)

export const workflowOf = (file: string): WorkflowFile => {
  const workflow = findWorkflow(file)
  if (!workflow) throw new Error(`the sandbox has no workflow ${file}`)
  return workflow
}
