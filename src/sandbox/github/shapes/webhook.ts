import type { components } from '@octokit/openapi-types'
import { asOf } from '../attempts.ts'
import type { RunSubject, Subject } from '../subjects.ts'
import { workflowOf } from '../workflows.ts'
import type { World } from '../world.ts'
import { about, found } from './about.ts'
import { commentPayload } from './comment.ts'
import { deployment, deploymentStatus } from './deployment.ts'
import { workflow, workflowRun } from './run.ts'
import { installationPayload, pingPayload } from './webhook-app.ts'
import { gatePayload } from './webhook-gate.ts'
import { pullPayload, pushPayload, refPayload } from './webhook-git.ts'
import { jobPayload } from './webhook-job.ts'

type Schemas = components['schemas']

/** The body of a webhook, rendered from what it is about as of when it fell due. */
export const webhookPayload = (world: World, subject: Subject) => {
  switch (subject.event) {
    case 'workflow_run':
      return runPayload(world, subject)
    case 'workflow_job':
      return jobPayload(world, runOf(world, subject), subject)
    case 'deployment_status':
      return statusPayload(world, subject)
    case 'pull_request':
      return pullPayload(world, subject)
    case 'push':
      return pushPayload(world, subject)
    case 'create':
    case 'delete':
      return refPayload(world, subject)
    case 'deployment_protection_rule':
      return gatePayload(world, subject)
    case 'issue_comment':
      return commentPayload(world, subject)
    case 'installation':
      return installationPayload(world, subject)
    case 'ping':
      return pingPayload(world)
  }
}

const runOf = (world: World, subject: RunSubject) =>
  asOf(found(world.state.runs.findLast((run) => run.id === subject.run)), subject.attempt)

const runPayload = (world: World, subject: Extract<RunSubject, { event: 'workflow_run' }>) => {
  const run = runOf(world, subject)
  const file = workflow(world, workflowOf(run.workflow))
  const rest = { ...about(world), workflow: file }
  switch (subject.action) {
    case 'requested':
      return {
        action: 'requested',
        ...rest,
        workflow_run: workflowRun(world, run, 'queued'),
      } satisfies Schemas['webhook-workflow-run-requested']
    case 'in_progress':
      return {
        action: 'in_progress',
        ...rest,
        workflow_run: workflowRun<'in_progress'>(world, run, 'in_progress'),
      } satisfies Schemas['webhook-workflow-run-in-progress']
    case 'completed':
      return {
        action: 'completed',
        ...rest,
        workflow_run: workflowRun(world, run, 'completed'),
      } satisfies Schemas['webhook-workflow-run-completed']
  }
}

const statusPayload = (world: World, subject: Extract<RunSubject, { event: 'deployment_status' }>) => {
  const run = runOf(world, subject)
  const record = found(world.state.deployments.find(({ id }) => id === subject.deployment))
  const status = found(record.statuses.find(({ id }) => id === subject.status))
  return {
    action: 'created' as const,
    ...about(world),
    deployment: deployment(world, record),
    deployment_status: deploymentStatus(world, record, status),
    workflow: workflow(world, workflowOf(run.workflow)),
    workflow_run: workflowRun(world, run),
  }
}
