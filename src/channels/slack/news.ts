import { type Asked, approvalsIn, type News, whyExpired } from '../../thread/contact/question.ts'
import { viaInWords } from '../../thread/contact/via.ts'
import { code, date } from './mrkdwn.ts'

const MARK: Record<News['what'], string> = {
  approved: '✅ Approved',
  withdrawn: '↪️ Taken back',
  denied: '⛔ Rejected',
  answered: '💬 Answered',
  expired: '⌛ Expired',
  superseded: '↩️ Superseded: it no longer stands',
  cancelled: '🚫 Cancelled',
}

/** How a question that is settled is headed. */
export const headOf = (news: readonly News[]): string => {
  const last = news.at(-1)
  return last ? (MARK[last.what].split(':')[0] ?? '') : '🔒 Closed'
}

// Many approvals are still few lines.
const MOST = 20

/** What became of a question, one line each, and how many approvals are there of those that it needs. */
export const newsLines = ({ asked, news, open }: Asked): string[] => {
  const lines = news.slice(-MOST).map((one) => inWords(one, { asked, news }))
  if (!open && lines.length === 0) return ['🔒 Closed: it no longer stands']
  if (asked.kind !== 'approval' || asked.quorum < 2) return lines
  return lines.length === 0 ? lines : [`*${approvalsIn(news)} of ${asked.quorum}* approvals`, ...lines]
}

const inWords = ({ what, by, via, at, words }: News, question: Pick<Asked, 'asked' | 'news'>): string => {
  const who = by === null ? '' : ` by ${code(by, 80)}`
  const where = by === null || via === null ? '' : ` ${placeOf(via)}`
  const said = words.trim() === '' ? '' : `: ${code(words, 300)}`
  const why = what === 'expired' ? `: ${whyExpired(question)}, and nothing was run` : ''
  return `${MARK[what]}${why}${who}${where} at ${date(at, '{time}')}${said}`
}

const placeOf = (via: string): string => viaInWords(via) ?? `by ${code(via, 40)}`
