import { v7 as uuidv7 } from 'uuid'
import type { Actor, Event, EventOf, NewEvent } from '../../../src/thread/event.ts'

const code: Actor = { kind: 'code' }

/** A log of these facts, a second apart, behind `after` others. */
export const logOf = (facts: NewEvent[], thread_id = uuidv7(), after = 0): Event[] =>
  facts.map((fact, i) => ({
    ...fact,
    thread_id,
    seq: after + i + 1,
    at: new Date(Date.now() - 60_000 + (after + i) * 1_000).toISOString(),
  }))

/** Words of a person, and the step that the model made of them. */
export const requestOf = (person: string, service: string): NewEvent[] => {
  const actor: Actor = { kind: 'person', id: person, via: 'http' }
  const message = `deploy ${service} v1.2.3 to production`
  return [
    { type: 'thread_launched', data: { agent: 'deploy', title: message }, actor },
    { type: 'message', data: { message }, actor },
    {
      type: 'deploy_service',
      data: { intent: 'deploy_service', service, tag: 'v1.2.3', environment: 'production' },
      actor: code,
    },
  ]
}

export const questionOf = (question: string): NewEvent => ({
  type: 'request_more_information',
  data: { intent: 'request_more_information', question },
  actor: code,
})

interface Wanted {
  service?: string
  minutes?: number
  quorum?: number
  self_approval?: boolean
}

/** The question about that step. */
export const approvalRequest = ({
  service = 'backend',
  minutes = 30,
  ...who
}: Wanted): EventOf<'approval_requested'> => {
  const commit = { sha: 'a'.repeat(40), message: 'Mend the cart', author: 'Maya', date: '2026-02-01T00:00:00Z' }
  const data: EventOf<'approval_requested'>['data'] = {
    to: 3,
    intent: 'deploy_service',
    service,
    environment: 'production',
    tag: 'v1.2.3',
    sha: 'a'.repeat(40),
    repository: 'acme/shop',
    workflow: `deploy-${service}.yml`,
    ref: 'main',
    args_hash: 'f'.repeat(64),
    policy_version: 'p'.repeat(64),
    expires_at: new Date(Date.now() + minutes * 60_000).toISOString(),
    live: { tag: 'v1.2.2', sha: 'b'.repeat(40), since: '2026-02-01T00:00:00Z', url: null },
    direction: 'forward',
    commits: [commit, { ...commit, sha: 'c'.repeat(40) }],
    commits_total: 2,
    compare_url: null,
    stage: null,
    quorum: 1,
    approvers: ['lead', 'oncall'],
    self_approval: true,
    ...who,
  }
  return { type: 'approval_requested', data, actor: code } as EventOf<'approval_requested'>
}
