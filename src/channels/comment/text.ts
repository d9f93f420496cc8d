import type { Notice } from '../../agent/ports.ts'
import type { WaitingFor } from '../../thread/view.ts'
import { approvalCard } from './approval.ts'
import { block, code, link } from './markdown.ts'

type Told = Pick<Notice, 'waiting_for' | 'status' | 'story' | 'seq'>

// GitHub takes 65,536 characters.
const MOST = 60_000
const RESULTS = 10
const CHOICES = 20

/** A thread as the comment on a pull request shows it now: by code, from facts. `page`: where to answer. */
export const commentText = (told: Told, page: string): string => {
  const { story, seq } = told
  const parts = [
    `**Deploybot** · ${code(story.title, 80)}`,
    now(told, page),
    results(story.results),
    `<sub>${link('The whole story', page)} · as of event ${seq}. Comments here answer nothing: open the link.</sub>`,
  ]
  const text = parts.filter((part) => part !== '').join('\n\n')
  // All parts have limits of their own, so this is for what nobody has thought of.
  return text.length <= MOST
    ? text
    : `**Deploybot** · ${link('Open the thread', page)}: it does not fit into a comment.`
}

const now = ({ waiting_for, status, story }: Told, page: string): string => {
  if (story.end) return ended(story.end)
  if (waiting_for) {
    const offer = waiting_for.offer ? [question({ ...waiting_for.offer, context: '' }, page)] : []
    return [waits(waiting_for, page, story.approved_by), ...offer].join('\n\n')
  }
  return `Status: ${code(status.replaceAll('_', ' '), 40)}`
}

const waits = (waiting: WaitingFor, page: string, approvedBy: string[]): string => {
  switch (waiting.kind) {
    case 'approval':
      return approvalCard(waiting, page)
    case 'human_input':
      return question({ ...waiting, choices: waiting.options.choices }, page)
    case 'run': {
      const by = approvedBy.length > 0 ? `Approved by ${approvedBy.map((one) => code(one, 80)).join(', ')}. ` : ''
      return `⏳ ${by}${link('The workflow run', waiting.html_url)} is ${code(waiting.status.replaceAll('_', ' '), 40)}.`
    }
    case 'thread': {
      const at = waiting.thread_id === null ? null : new URL(waiting.thread_id, page).href
      return `⏳ Waits for ${link('another thread', at)} (agent ${code(waiting.agent, 40)}).`
    }
    case 'turn': {
      const by = link('another thread', new URL(waiting.held_by.thread_id, page).href)
      return `⏳ Waits its turn: ${by} deploys ${code(waiting.service, 40)} to ${code(waiting.environment, 40)} now.`
    }
    case 'timer':
      return `⏳ Sleeps until ${code(waiting.until, 40)}.`
  }
}

const question = (
  { question, context, choices: all }: { question: string; context: string; choices: string[] },
  page: string,
): string => {
  const choices = all.slice(0, CHOICES).map((choice) => `- ${code(choice)}`)
  return [
    '❓ **Deploybot asks:**',
    block(question),
    ...(context === '' ? [] : [block(context, 2_000)]),
    ...(choices.length > 0 ? [choices.join('\n')] : []),
    `**${link('Answer here', page)}**`,
  ].join('\n\n')
}

const ended = ({ status, message }: NonNullable<Told['story']['end']>): string => {
  const head = { done: '✅ **Done.**', failed: '❌ **Failed.**', cancelled: '🚫 **Cancelled.**' }[String(status)] ?? ''
  return message.trim() === '' ? head : `${head}\n\n${block(message)}`
}

const results = (all: Told['story']['results']): string =>
  all
    .slice(-RESULTS)
    .map(({ status, service, environment, tag, sha, html_url }) => {
      const mark = status === 'success' ? '✅' : '❌'
      const what = `${code(service, 40)} ${code(tag, 80)} (${code(sha.slice(0, 7))}) on ${code(environment, 40)}`
      return `- ${mark} ${what}: ${link(status, html_url)}`
    })
    .join('\n')
