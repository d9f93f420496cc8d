import type { KnownBlock } from '@slack/web-api'
import type { Notice } from '../../agent/ports.ts'
import type { Asked } from '../../thread/contact/question.ts'
import { approvalCard, wouldDo } from './approval.ts'
import { code, date, link, mrkdwn, section } from './mrkdwn.ts'
import { newsLines } from './news.ts'
import { headLine, progressCard } from './progress.ts'
import { questionCard } from './question.ts'

/** A message as Slack takes it. `text` is what notifications and screen readers give. */
export interface SlackMessage {
  text: string
  blocks: KnownBlock[]
}

type Told = Pick<Notice, 'kind' | 'thread_id' | 'question' | 'waiting_for' | 'status' | 'story'>

// Slack cuts at 40,000; a notification shows far less.
const TEXT = 1_000

/** What a notice says in Slack: rendered by code, from facts. `page`: the thread's own page. */
export const messageOf = (notice: Told, page: string): SlackMessage => {
  const { kind, question } = notice
  if (question === null) return { text: headLine(notice, page), blocks: progressCard(notice, page) }
  if (kind === 'reminder') return reminder(question, page)
  const target = { thread_id: notice.thread_id, seq: question.seq }
  const { asked } = question
  const card =
    asked.kind === 'approval'
      ? approvalCard(question, asked, { page, target, asked_by: notice.story.asked_by ?? [] })
      : questionCard(question, asked, page, target)
  return { text: inShort(question), blocks: [...card, about(notice, page)] }
}

/** Which thread it is, by the words that began it. */
const about = ({ story }: Told, page: string): KnownBlock => ({
  type: 'context',
  elements: [mrkdwn(`${code(story.title, 80)} · ${link('the whole story', page)}`)],
})

const inShort = (question: Asked): string => {
  const { asked, open } = question
  const what = asked.kind === 'approval' ? wouldDo(asked) : asked.question
  const head = asked.kind === 'approval' ? 'Approval needed' : 'Deploybot asks'
  return `${open ? head : (newsLines(question).at(-1) ?? head)}: ${code(what, TEXT / 2)}`
}

const reminder = ({ asked }: Asked, page: string): SlackMessage => {
  const urgent = asked.kind === 'human_input' && asked.options.urgency === 'high'
  const what = asked.kind === 'approval' ? wouldDo(asked) : asked.question
  const until = asked.kind === 'approval' ? `, until ${date(asked.expires_at)}` : ''
  const line = `${urgent ? '🚨' : '⏰'} Still waits for an answer${until}: ${code(what, 300)}`
  return { text: line, blocks: [section(line, link('Open', page))] }
}
