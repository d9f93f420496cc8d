import type { Notice } from '../../agent/ports.ts'
import type { EmailAddress } from '../../thread/contact/address.ts'
import type { Asked } from '../../thread/contact/question.ts'
import { statusInWords } from '../../thread/contact/status.ts'
import { alertsOf, approvalParts, loudly } from './approval.ts'
import { type Letter, oneLine, type Part, someLines, type Tone, webUrl } from './letter.ts'
import { results } from './results.ts'
import { sentence, settled } from './settled.ts'

export type ByMail = Notice<{ email: EmailAddress }>

/** What a mail is made with beside the notice. `repliesHeard`: an answer by mail comes in. */
export interface Desk {
  page: string
  sent: string
  repliesHeard: boolean
  /** By which the reader may approve in a reply; null: by the page alone. */
  code: string | null
}

const CHOICES = 20

/** The letter for a notice, all of it from facts. */
export const compose = (notice: ByMail, desk: Desk): Letter => {
  const { question } = notice
  if (question?.open) return asking(question, notice, desk)
  return question ? settled(question, notice, desk.page) : telling(notice, desk)
}

const asking = ({ asked, news }: Asked, { kind, story }: ByMail, desk: Desk): Letter => {
  const still = kind === 'reminder' ? 'Still waiting for you: ' : ''
  const since = news.map((one): Part => ({ is: 'note', text: sentence(one) }))
  if (asked.kind === 'approval') {
    return {
      headline: `${still}Approve ${oneLine(asked.service, 40)} ${oneLine(asked.tag, 80)} for ${oneLine(asked.environment, 40)}?`,
      tone: loudly(asked) === null && !asked.blocked ? 'ask' : 'loud',
      parts: [
        ...since,
        ...alertsOf(asked),
        { is: 'button', label: 'Look and decide', url: desk.page },
        ...approvalParts(asked, story.asked_by ?? [], desk.sent),
        { is: 'button', label: 'Look and decide', url: desk.page },
        ...(desk.code === null ? [] : [{ is: 'code' as const, label: CODE, code: desk.code }]),
        note(asked, desk),
      ],
    }
  }
  const urgent = asked.options.urgency === 'high'
  const choices = asked.options.choices.slice(0, CHOICES).map((choice) => ({ text: oneLine(choice, 200) }))
  return {
    headline: `${urgent ? 'Urgent: ' : ''}${still}Deploybot asks`,
    tone: urgent ? 'loud' : 'ask',
    parts: [
      ...since,
      { is: 'words', text: someLines(asked.question, 4_000) },
      ...(asked.context.trim() === '' ? [] : [{ is: 'words' as const, text: someLines(asked.context, 2_000) }]),
      ...(choices.length === 0 ? [] : [{ is: 'list' as const, title: 'Choose one', items: choices }]),
      { is: 'button', label: 'Answer', url: desk.page },
      note(asked, desk),
    ],
  }
}

const CODE =
  'Or approve by replying with nothing but this code. It is for you alone, and works once, within ten minutes:'

/** What a reply does, so that nobody believes to have approved by it. */
const note = (asked: Asked['asked'], { repliesHeard, code }: Desk): Part => {
  if (!repliesHeard) return { is: 'note', text: 'Replies to this mail are not read: use the link.' }
  const approves = `${code === null ? 'A reply' : 'Any other reply'} approves nothing. Its words are added to the thread, and then you are asked anew.`
  const answers = 'You can also reply to this mail with your answer.'
  const settlesRun = asked.kind === 'human_input' && asked.reason === 'dispatch_unknown'
  const settles = 'Only the link settles this. The words of a reply are added to the thread.'
  return { is: 'note', text: asked.kind === 'approval' ? approves : settlesRun ? settles : answers }
}

const ENDS: Record<string, [headline: string, tone: Tone]> = {
  done: ['Done', 'good'],
  failed: ['Failed', 'bad'],
  cancelled: ['Cancelled', 'plain'],
}

const telling = ({ story, status, waiting_for: waiting }: ByMail, { page }: Desk): Letter => {
  const [how, tone] = ENDS[story.end?.status ?? ''] ?? [statusInWords(status), 'plain']
  const run = waiting?.kind === 'run' ? webUrl(waiting.html_url) : null
  return {
    headline: `${how}: ${oneLine(story.title, 80)}`,
    tone,
    parts: [
      ...(story.end && story.end.message.trim() !== ''
        ? [{ is: 'words' as const, text: someLines(story.end.message, 4_000) }]
        : []),
      ...results(story.results),
      ...(run === null
        ? []
        : [
            {
              is: 'facts' as const,
              rows: [
                ['Workflow run', { text: 'open it at GitHub', url: run }] as [string, { text: string; url: string }],
              ],
            },
          ]),
      { is: 'button', label: 'Open the thread', url: page },
    ],
  }
}
