import type { KnownBlock } from '@slack/web-api'
import type { Notice, SlackTarget } from '../../agent/ports.ts'
import type { Story } from '../../thread/story.ts'
import type { WaitingFor } from '../../thread/view.ts'
import { wouldDo } from './approval.ts'
import { choiceControls } from './controls.ts'
import { code, date, link, names, section, wordsSection } from './mrkdwn.ts'

type Told = Pick<Notice, 'waiting_for' | 'status' | 'story' | 'thread_id'>

const RESULTS = 10
const END_WORDS = 2_000

/** How a thread goes: what it waits for or how it ended, and what ran so far. */
export const progressCard = (told: Told, page: string): KnownBlock[] => {
  const { story, waiting_for } = told
  const results = story.results.slice(-RESULTS).map(resultLine)
  return [
    section(`*${link('Deploybot', page)}* · ${code(story.title, 80)}`, headLine(told, page)),
    ...(story.end && story.end.message.trim() !== '' ? [wordsSection(story.end.message, END_WORDS)] : []),
    ...(results.length > 0 ? [section(...results)] : []),
    ...(waiting_for?.offer && !story.end ? offer(waiting_for.offer, told) : []),
  ]
}

/** The same in one line, which is what a phone shows. */
export const headLine = ({ status, story, waiting_for }: Told, page: string): string => {
  if (story.end) return ENDS[String(story.end.status)] ?? '⏹️ Ended'
  if (waiting_for) return waits(waiting_for, page, story.approved_by)
  return `⚙️ ${code(status.replaceAll('_', ' '), 40)}`
}

const ENDS: Record<string, string> = { done: '✅ *Done*', failed: '❌ *Failed*', cancelled: '🚫 *Cancelled*' }

const waits = (waiting: WaitingFor, page: string, approvedBy: string[]): string => {
  switch (waiting.kind) {
    case 'approval':
      return `🔐 Waits for approval: ${code(wouldDo(waiting))}`
    case 'human_input':
      return '❓ Waits for an answer'
    case 'run': {
      const by = approvedBy.length > 0 ? `, approved by ${names(approvedBy)}` : ''
      return `⏳ ${link('The workflow run', waiting.html_url)} is ${code(waiting.status.replaceAll('_', ' '), 40)}${by}`
    }
    case 'thread': {
      const at = waiting.thread_id === null ? null : new URL(waiting.thread_id, page).href
      return `⏳ Waits for ${link('another thread', at)} (agent ${code(waiting.agent, 40)})`
    }
    case 'turn': {
      const by = link('another thread', new URL(waiting.held_by.thread_id, page).href)
      return `⏳ Waits its turn: ${by} deploys ${code(waiting.service, 40)} to ${code(waiting.environment, 40)} now`
    }
    case 'timer':
      return `💤 Sleeps until ${date(waiting.until)}`
  }
}

const resultLine = ({ status, service, environment, tag, sha, html_url }: Story['results'][number]): string => {
  const what = `${code(service, 40)} ${code(tag, 80)} (${code(sha.slice(0, 7))}) on ${code(environment, 40)}`
  return `${status === 'success' ? '✅' : '❌'} ${what}: ${link(status, html_url)}`
}

type Offer = NonNullable<NonNullable<Told['waiting_for']>['offer']>

/** What may be answered beside, and need not be. */
const offer = ({ seq, question, choices }: Offer, { thread_id }: Told): KnownBlock[] => {
  const target: SlackTarget = { thread_id, seq }
  return [wordsSection(question, 1_000), ...(choices.length > 0 ? [choiceControls(target, choices, [])] : [])]
}
