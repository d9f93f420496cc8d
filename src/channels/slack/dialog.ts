import type { ModalView } from '@slack/web-api'
import { SLACK_FIELD, type SlackTarget, type SlackWords } from '../../agent/ports.ts'
import { plain } from './mrkdwn.ts'

interface Texts {
  title: string
  submit: string
  label: string
  optional: boolean
}

const TEXTS: Record<SlackWords, Texts> = {
  override: {
    title: 'Approve and override',
    submit: 'Approve',
    label: 'Why? Everybody will read it.',
    optional: false,
  },
  reject: { title: 'Reject', submit: 'Reject', label: 'Why, or what should happen instead?', optional: true },
  ask: {
    title: 'Ask Deploybot',
    submit: 'Ask',
    label: 'What is said makes this approval void; you are asked again.',
    optional: false,
  },
  answer: { title: 'Answer Deploybot', submit: 'Answer', label: 'Your answer', optional: false },
}

/** The dialog in which somebody writes what goes with their answer. */
export const dialogFor = (words: SlackWords, { thread_id, seq }: SlackTarget): ModalView => {
  const { title, submit, label, optional } = TEXTS[words]
  return {
    type: 'modal',
    callback_id: words,
    private_metadata: JSON.stringify({ thread_id, seq }),
    title: plain(title, 24),
    submit: plain(submit, 24),
    close: plain('Cancel', 24),
    blocks: [
      {
        type: 'input',
        block_id: SLACK_FIELD,
        label: plain(label, 2_000),
        optional,
        element: { type: 'plain_text_input', action_id: SLACK_FIELD, multiline: true, max_length: 3_000 },
      },
    ],
  }
}
