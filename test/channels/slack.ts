import type { Asked } from '../../src/thread/contact/question.ts'
import { facts, THREAD } from '../thread/spec.ts'

type Approval = Extract<Asked['asked'], { kind: 'approval' }>
type HumanInput = Extract<Asked['asked'], { kind: 'human_input' }>

export const approval = (more: Partial<Approval> = {}): Approval => ({
  kind: 'approval',
  seq: 6,
  intent: 'deploy_backend',
  ...facts(),
  args_hash: 'h',
  policy_version: 'p',
  expires_at: '2026-11-25T12:00:00.000Z',
  quorum: 1,
  approvers: ['lead', 'oncall'],
  self_approval: false,
  approved_by: [],
  args: {},
  ...more,
})

export const human = (more: Partial<HumanInput> = {}, options: Partial<HumanInput['options']> = {}): HumanInput => ({
  kind: 'human_input',
  seq: 6,
  question: 'Which tag?',
  context: '',
  options: { urgency: 'medium', format: 'free_text', choices: [], ...options },
  reason: 'model',
  ...more,
})

export const asking = (asked: Asked['asked'], more: Partial<Asked> = {}): Asked => ({
  seq: asked.seq,
  asked,
  open: true,
  news: [],
  ...more,
})

export const PAGE = `https://bot.test/threads/${THREAD}`
