import type { AppDeps } from '../deps.ts'
import { issueComment } from './comments.ts'
import { deploymentProtectionRule } from './gates.ts'
import { type Heard, ignored, type Listener, type Reply } from './heard.ts'
import { installation } from './installation.ts'
import { ping } from './ping.ts'
import { pullRequest } from './pulls.ts'
import { refMoved } from './refs.ts'
import { deploymentStatus, workflowJob, workflowRun } from './runs.ts'

const LISTENERS: ReadonlyMap<string, Listener> = new Map<string, Listener>([
  ['workflow_run', workflowRun],
  ['workflow_job', workflowJob],
  ['deployment_status', deploymentStatus],
  ['deployment_protection_rule', deploymentProtectionRule],
  ['pull_request', pullRequest],
  ['push', refMoved],
  ['create', refMoved],
  ['delete', refMoved],
  ['issue_comment', issueComment],
  ['installation', installation],
  ['installation_repositories', installation],
  ['installation_target', installation],
  ['ping', ping],
])

/** Gives a webhook to whoever listens for its kind. What comes to nothing leaves a line in the log, and no row. */
export const hear = async (heard: Heard, deps: AppDeps): Promise<Reply> => {
  const reply = await replyTo(heard, deps)
  if (reply.ignored !== undefined) {
    const { delivery, event, log } = heard
    log.info({ delivery_id: delivery, event, ignored: reply.ignored }, 'github webhook ignored')
  }
  return reply
}

const replyTo = async (heard: Heard, deps: AppDeps): Promise<Reply> => {
  const listener = LISTENERS.get(heard.event)
  if (!listener) return ignored(`${heard.event}: nobody listens for this`)
  if (heard.payload === undefined) return ignored('too large to be about anything that we wait for')
  return listener(heard, deps)
}
