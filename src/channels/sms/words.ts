import type { Notice } from '../../agent/ports.ts'
import type { Asked, News } from '../../thread/contact/question.ts'
import { statusInWords } from '../../thread/contact/status.ts'
import { clean } from '../../thread/text.ts'

const CHOICES = 10

type Approval = Extract<Asked['asked'], { kind: 'approval' }>
type BySms = Pick<Notice, 'kind' | 'question' | 'story' | 'status'>

const line = (text: string, limit: number): string => clean(text.toWellFormed(), limit).replace(/\s+/g, ' ').trim()

/** What an SMS says before its link: as little as lets somebody decide whether to open it. */
export const wordsOf = ({ kind, question, story, status }: BySms): string => {
  if (question?.open) return `${kind === 'reminder' ? 'Still waiting: ' : ''}${asking(question.asked)}`
  if (question) return `Deploybot: ${settled(question, status)} Nothing to do.`
  return `Deploybot: ${statusInWords(story.end?.status ?? status).toLowerCase()}: ${line(story.title, 80)}`
}

const asking = (asked: Asked['asked']): string => {
  if (asked.kind === 'human_input') {
    const choices = asked.options.choices
      .slice(0, CHOICES)
      .map((choice) => line(choice, 40))
      .join(' / ')
    const urgent = asked.options.urgency === 'high' ? 'URGENT! ' : ''
    return `${urgent}Deploybot asks: ${line(asked.question, 200)}${choices === '' ? '' : ` (${choices})`}`
  }
  const { service, environment, tag, sha, direction, expires_at } = asked
  const loud = `${asked.blocked ? 'OVERRIDE! ' : ''}${LOUD[direction] ?? ''}`
  const what = `${line(service, 30)} ${line(tag, 40)} (${sha.slice(0, 7)}) to ${line(environment, 30)}`
  return `${loud}Deploybot: approve ${what}? Until ${expires_at.slice(11, 16)} UTC.`
}

const LOUD: Partial<Record<Approval['direction'], string>> = {
  backward: 'ROLLBACK! ',
  diverged: 'DIVERGED! ',
  unknown: 'NOT COMPARED! ',
}

const HAPPENED: Record<News['what'], string> = {
  approved: 'approved',
  withdrawn: 'taken back',
  denied: 'rejected',
  answered: 'answered',
  expired: 'expired',
  superseded: 'no longer asked',
  cancelled: 'cancelled',
}

const settled = ({ asked, news }: Asked, status: string): string => {
  const about =
    asked.kind === 'approval'
      ? `${line(asked.service, 30)} ${line(asked.tag, 40)} to ${line(asked.environment, 30)}`
      : line(asked.question, 60)
  const last = news.at(-1)
  if (!last) return `${about}: ${statusInWords(status).toLowerCase()}.`
  const by = last.by === null ? '' : ` by ${line(last.by, 40)}`
  return `${about}: ${HAPPENED[last.what]}${by} at ${last.at.slice(11, 16)} UTC.`
}
