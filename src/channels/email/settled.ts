import type { Notice } from '../../agent/ports.ts'
import { type Asked, type News, whyExpired } from '../../thread/contact/question.ts'
import { statusInWords } from '../../thread/contact/status.ts'
import { viaInWords } from '../../thread/contact/via.ts'
import { type Letter, oneLine, type Part, someLines, type Tone } from './letter.ts'
import { results } from './results.ts'
import { dayInUtc, timeInUtc } from './when.ts'

const TONES: Record<News['what'], Tone> = {
  approved: 'good',
  answered: 'good',
  withdrawn: 'plain',
  denied: 'bad',
  expired: 'plain',
  superseded: 'plain',
  cancelled: 'plain',
}

/** Somebody has answered, or it does not stand any more: whoever was asked need not look. */
export const settled = (
  { asked, news }: Asked,
  { status, story }: Pick<Notice, 'status' | 'story'>,
  page: string,
): Letter => {
  const last = news.at(-1)
  const about =
    asked.kind === 'approval'
      ? `${oneLine(asked.service, 40)} ${oneLine(asked.tag, 80)} → ${oneLine(asked.environment, 40)} (${asked.sha.slice(0, 7)})`
      : oneLine(asked.question, 200)
  const why = last?.what === 'expired' ? ` ${capital(whyExpired({ asked, news }))}, and nothing was run.` : ''
  const words = news.filter(({ what, words }) => words.trim() !== '' && what !== 'superseded')
  return {
    headline: `${last ? sentence(last) : `This does not wait any more (${statusInWords(status).toLowerCase()}).`}${why} Nothing to do for you.`,
    tone: last ? TONES[last.what] : 'plain',
    parts: [
      { is: 'facts', rows: [['It was about', { text: about }], ...past(news)] },
      ...words.map(({ words }): Part => ({ is: 'words', text: someLines(words, 2_000) })),
      ...results(story.results),
      { is: 'button', label: 'Open the thread', url: page },
    ],
  }
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** What happened to it so far, each beside its time. */
const past = (news: News[]): [string, { text: string; aside: string }][] =>
  news.map((one) => [timeInUtc(one.at), { text: happened(one), aside: dayInUtc(one.at) }])

const HAPPENED: Record<News['what'], string> = {
  approved: 'Approved',
  withdrawn: 'Taken back',
  denied: 'Rejected',
  answered: 'Answered',
  expired: 'Expired',
  superseded: 'No longer asked: something newer came',
  cancelled: 'Cancelled',
}

/** `Approved by lead in Slack at 14:02 UTC.` */
export const sentence = (one: News): string => `${happened(one)} at ${timeInUtc(one.at)}.`

const happened = ({ what, by, via }: News): string => {
  const who = by === null ? '' : `${oneLine(by, 80)}${via === null ? '' : ` ${place(via)}`}`
  return `${HAPPENED[what]}${who && ` ${what === 'superseded' ? 'from' : 'by'} ${who}`}`
}

const place = (via: string): string => viaInWords(via) ?? `by ${oneLine(via, 60)}`
