import { expect } from 'vitest'
import { approves, asksApproval, chose, deploys, ends, type Told } from './told.ts'

export const ASKED = 'deploy backend v1.2.3 to production'
export const backend = { intent: 'deploy_backend', tag: 'v1.2.3', environment: 'production' }
export const asked = chose('request_human_input')
export const proposes = (service: string, tag = 'v1.2.3'): Told[] => [
  deploys(service, tag, 'production'),
  asksApproval(service, tag, 'production'),
]
export const ships = (service: string, tag = 'v1.2.3', status = 'success'): Told[] => [
  ...proposes(service, tag),
  approves,
  ends(service, tag, 'production', status),
]
export const question = (part: string) => ({
  intent: 'request_more_information',
  question: expect.stringContaining(part) as string,
})
export const choice = (part: string, choices: string[]) => ({
  intent: 'request_human_input',
  question: expect.stringContaining(part) as string,
  context: expect.any(String) as string,
  options: { urgency: 'medium', format: 'multiple_choice', choices },
})
export const yesOrNo = (part: string) => expect.objectContaining({ question: expect.stringContaining(part) as string })
export const answer = (part: string) => ({ intent: 'done_for_now', message: expect.stringContaining(part) as string })
