import type { Asked, News } from '../../thread/contact/question.ts'
import { code, date } from './mrkdwn.ts'

const MARK: Record<News['what'], string> = {
  approved: '✅ Approved',
  denied: '⛔ Rejected',
  answered: '💬 Answered',
  expired: '⌛ Expired: nobody answered in time, and nothing was run',
  superseded: '↩️ Superseded: it no longer stands',
  cancelled: '🚫 Cancelled',
}

// Many approvals are still few lines.
const MOST = 20

/** What became of a question, one line each, and how many approvals are there of those that it needs. */
export const newsLines = ({ asked, news, open }: Asked): string[] => {
  const lines = news.slice(-MOST).map(inWords)
  if (!open && lines.length === 0) return ['🔒 Closed: it no longer stands']
  if (asked.kind !== 'approval' || asked.quorum < 2) return lines
  const given = news.filter(({ what }) => what === 'approved').length
  return given === 0 ? lines : [`*${given} of ${asked.quorum}* approvals`, ...lines]
}

const inWords = ({ what, by, via, at, words }: News): string => {
  const who = by === null ? '' : ` by ${code(by, 80)}`
  const where = by === null || via === null ? '' : ` ${placeOf(via)}`
  const said = words.trim() === '' ? '' : `: ${code(words, 300)}`
  return `${MARK[what]}${who}${where} at ${date(at, '{time}')}${said}`
}

const PLACES: Record<string, string> = {
  slack: 'in Slack',
  http: 'on the web',
  github: 'at GitHub',
  webhook: 'by webhook',
}

const placeOf = (via: string): string => (Object.hasOwn(PLACES, via) ? (PLACES[via] ?? '') : `by ${code(via, 40)}`)
