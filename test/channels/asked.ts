import type { Asked } from '../../src/thread/contact/question.ts'
import { facts, THREAD } from '../thread/spec.ts'

export { THREAD }

type Approval = Extract<Asked['asked'], { kind: 'approval' }>

/** A question for approval as channels show it. */
export const approvalAsked = (more: Partial<Approval> = {}, about: Partial<Asked> = {}): Asked => ({
  seq: 6,
  open: true,
  news: [],
  asked: {
    kind: 'approval',
    seq: 6,
    intent: 'deploy_backend',
    ...facts(),
    args_hash: 'h',
    policy_version: 'p',
    expires_at: '2026-11-25T12:00:00.000Z',
    quorum: 2,
    approvers: ['lead', 'oncall'],
    self_approval: false,
    approved_by: ['oncall'],
    args: {},
    ...more,
  },
  ...about,
})

/** A question in words as channels show it. */
export const wordsAsked = (question: string, choices: string[] = [], reason = 'model'): Asked => ({
  seq: 4,
  open: true,
  news: [],
  asked: {
    kind: 'human_input',
    seq: 4,
    question,
    context: '',
    options: { urgency: 'low', format: choices.length > 0 ? 'multiple_choice' : 'free_text', choices },
    reason,
  },
})
