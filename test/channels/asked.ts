import type { Asked } from '../../src/thread/contact/question.ts'
import { THREAD } from '../thread/spec.ts'
import { approval } from './slack.ts'

export { THREAD }

type Approval = Extract<Asked['asked'], { kind: 'approval' }>

/** A question for approval as channels show it. */
export const approvalAsked = (more: Partial<Approval> = {}, about: Partial<Asked> = {}): Asked => ({
  seq: 6,
  open: true,
  news: [],
  asked: approval({ quorum: 2, approved_by: ['oncall'], ...more }),
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
