import { expect } from 'vitest'
import { planNextStep } from '../../../src/sandbox/model/planner.ts'
import { unionOf } from '../../../src/thread/agents.ts'
import type { Json } from '../../../src/thread/event.ts'
import { toYaml } from '../../../src/thread/yaml.ts'

const setup = toYaml({
  repository: 'acme/shop',
  services: ['backend', 'frontend', 'search'],
  environments: [
    { name: 'staging', approvals: 0, after: null },
    { name: 'production', approvals: 1, after: 'staging' },
  ],
})

export type Told = [type: string, data: Json]

export const tags = ['v1.2.4', 'v1.2.3', 'v1.2.2', 'v1.2.1']

// Events, as sentences.
/** Code launches a thread: what it says, and what it knows. */
export const codeAsks = (message: string, context: Json): Told[] => [
  ['thread_launched', { context }],
  ['message', { from: 'code', message }],
]
export const says = (message: string): Told => ['message', { from: 'dev', message }]
export const facts: Told[] = [
  ['list_git_tags_result', { tags: tags.map((name) => `${name} aaaaaaa`) }],
  [
    'check_deployment_status_result',
    {
      live: {
        backend: { staging: live('v1.2.3'), production: live('v1.2.2') },
        frontend: { staging: live('v1.2.3'), production: live('v1.2.2') },
      },
    },
  ],
]
function live(tag: string): Json {
  return `${tag} bbbbbbb since 2026-02-19`
}
/** A step that was selected. */
export const chose = (intent: string, args: { [name: string]: Json } = {}): Told => [intent, { intent, ...args }]
export const deploys = (service: string, tag: string, environment: string): Told =>
  chose(`deploy_${service}`, { tag, environment })
export const asksApproval = (service: string, tag: string, environment: string, now_live = 'v1.2.2'): Told => [
  'approval_requested',
  { intent: `deploy_${service}`, service, environment, tag, sha: 'a'.repeat(40), now_live, expires_at: 'later' },
]
export const rejects = (comment: string): Told => ['approval_denied', { from: 'lead', comment }]
export const approves: Told = ['approval_given', { from: 'lead' }]
export const answers = (response: string): Told => ['human_response', { from: 'dev', response }]
export const picks = (choice: string): Told => ['human_response', { from: 'dev', choice }]
export const agrees = (approved: boolean): Told => ['human_response', { from: 'dev', approved }]
export const ends = (service: string, tag: string, environment: string, status = 'success'): Told => [
  `deploy_${service}_result`,
  { status, service, environment, tag, sha: 'a'.repeat(40), run_id: 7, html_url: 'http://gh/runs/7', message: '' },
]
export const fails = (code: string, message: string, more: { [name: string]: Json } = {}): Told => [
  'error',
  { code, message, ...more },
]

/** Someone asks, facts are fetched, then whatever else happened: the next step. */
export const whenAsked = (message: string, ...more: Told[]) => told(says(message), ...facts, ...more)

export const told = (...events: Told[]) => asking('You are Deploybot.', events)

/** The same for the agent that only goes back: whatever it says must be among its steps. */
export const toldBack = (...events: Told[]) => {
  const step = asking("You are Deploybot's rollback agent.", events)
  expect(unionOf('rollback')).toContain(step.intent)
  return step
}

const asking = (whom: string, events: Told[]) =>
  planNextStep(
    `${whom} Names stand in <setup>.\n\n<setup>\n${setup}\n</setup>\n\nReply with one JSON object.`,
    `${events.map(([type, data]) => `<${type}>\n${toYaml(data)}\n</${type}>`).join('\n\n')}\n\nWhat is the next step?`,
  )
