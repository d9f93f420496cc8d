import { styleText } from 'node:util'
import type { Event, EventOf } from '../../thread/event.ts'
import { tagInWords } from '../../thread/text.ts'
import type { ThreadView } from '../../thread/view.ts'

type Style = Parameters<typeof styleText>[0]
export type Print = (line: string) => void

const line = (style: Style, mark: string, text: string): string => `${styleText(style, mark.padEnd(10))} ${text}`
const dim = (text: string): string => styleText('dim', text)
const short = (sha: string): string => sha.slice(0, 7)

/** One line of the conversation, or none for what only code needs to know. */
export const tell = (event: Event): string | null => {
  switch (event.type) {
    case 'message':
      return line('cyan', 'person', `“${event.data.message}”`)
    case 'list_git_tags_result':
      return line('blue', 'code', dim(`fetched ${event.data.tags.length} tags`))
    case 'check_deployment_status_result':
      return line('blue', 'code', dim(`fetched what is live: ${live(event)}`))
    case 'deploy_backend':
    case 'deploy_frontend':
    case 'deploy_service':
    case 'rollback':
      return line('magenta', 'model', `selects ${styleText('bold', event.type)} ${dim(args(event.data))}`)
    case 'approval_requested':
      return card(event)
    case 'approval_denied':
      return line('red', 'person', `rejects: “${event.data.comment}”`)
    case 'approval_given':
      return line('green', 'person', 'approves')
    case 'tool_started':
      return line('blue', 'code', dim(`checked the facts again; intent written as ${event.data.dispatch_id}`))
    case 'dispatch_accepted':
      return line('yellow', 'github', `run ${event.data.run_id} ${dim(event.data.html_url ?? '')}`)
    case 'run_reported':
      return line(
        'yellow',
        'github',
        `run ${event.data.status}${event.data.conclusion ? `: ${event.data.conclusion}` : ''}`,
      )
    case 'deploy_backend_result':
    case 'deploy_frontend_result':
    case 'deploy_service_result':
    case 'rollback_result':
      return line('green', 'code', event.data.message)
    case 'request_more_information':
    case 'request_human_input':
      return line('magenta', 'model', `asks: ${event.data.question}`)
    case 'done_for_now':
    case 'nothing_to_do':
      return line('magenta', 'model', `done: ${event.data.message}`)
    case 'error':
      return line('red', 'error', `${event.data.code}: ${event.data.message}`)
    case 'escalated':
      return line('red', 'code', event.data.question)
    default:
      return null
  }
}

const args = (step: object): string =>
  Object.entries(step)
    .filter(([name]) => name !== 'intent')
    .map(([name, value]) => `${name}=${tagInWords(String(value))}`)
    .join(' ')

const live = ({ data }: EventOf<'check_deployment_status_result'>): string =>
  data.live
    .filter(({ environment }) => environment === 'production')
    .map(({ service, tag, sha }) => `${service} ${tagInWords(tag ?? sha)}`)
    .join(', ')

const CARD_COMMITS = 3

/** What an approver sees: facts that code read, nothing that a model said. */
const card = ({ seq, data }: EventOf<'approval_requested'>): string => {
  const ships = data.commits.slice(0, CARD_COMMITS).map(({ sha, message }) => `  ${dim(short(sha))} ${message}`)
  const more = data.commits_total - ships.length
  const now = data.live ? tagInWords(data.live.tag ?? data.live.sha) : 'nothing'
  const rows = [
    `${styleText('bold', `${data.service} → ${data.environment}`)}   ${now} → ${styleText('bold', tagInWords(data.tag))} ${dim(`(${short(data.sha)})`)}`,
    `${data.commits_total} commits ${data.direction === 'backward' ? 'would be taken back' : 'would ship'} ${dim(`by ${data.workflow} on ${data.repository}`)}`,
    ...ships,
    ...(more > 0 ? [dim(`  … and ${more} more`)] : []),
    dim(`approvers: ${data.approvers.join(', ')} · until ${data.expires_at.slice(11, 16)} UTC`),
  ]
  return [line('bold', 'approve?', dim(`question ${seq}`)), ...rows.map((row) => `${' '.repeat(11)}${row}`)].join('\n')
}

export const ending = (thread: ThreadView, seconds: number): string =>
  `\n${styleText('bold', thread.status)} after ${seconds.toFixed(1)} s and ${thread.version} events: ${dim(`thread ${thread.id}`)}`
