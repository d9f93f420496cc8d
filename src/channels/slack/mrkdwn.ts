import type { MrkdwnElement, PlainTextElement, SectionBlock } from '@slack/web-api'
import { clean } from '../../thread/text.ts'

// All that Slack makes mentions, links and broadcasts of stands between < and >; it wants these three escaped and decodes them itself.
const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/** Escaped, and at most `limit` characters as Slack counts them: never cut within a letter or an entity. */
export const fitted = (text: string, limit: number): string => {
  const letters = [...text].map((letter) => ENTITIES[letter] ?? letter)
  const whole = letters.join('')
  if (whole.length <= limit) return whole
  let length = 1
  const kept = letters.findIndex((letter) => {
    length += letter.length
    return length > limit
  })
  return `${letters.slice(0, kept).join('')}…`
}

const escaped = (text: string): string => text.replace(/[&<>]/g, (letter) => ENTITIES[letter] ?? letter)

const inOneLine = (text: string, limit: number): string => clean(text.toWellFormed(), limit).replace(/\s+/g, ' ').trim()

/**
 * Untrusted words, as code: Slack formats nothing there, so that no title can look like a line of ours. A backtick would end
 * it and cannot be escaped; a letter that looks like one takes its place.
 */
export const code = (text: string, limit = 200): string => {
  const shown = fitted(inOneLine(text, limit).replaceAll('`', 'ˋ'), limit)
  return `\`${shown || '—'}\``
}

/** Untrusted words where Slack formats nothing anyway. */
export const plain = (text: string, limit: number): PlainTextElement => ({
  type: 'plain_text',
  text: fitted(inOneLine(text, limit), limit) || '—',
  emoji: false,
})

// A section may hold 3,000 characters. But Slack refuses a message whose blocks hold more than some 11,000 in all, which it says nowhere (bolt-js
// issue 2867 measured: 9,597 were taken, 11,341 refused), and five sections of a card may be full.
const WORDS = 2_400
const LINES = 1_100

/** Several lines of untrusted words. */
export const wordsSection = (text: string, limit = WORDS): SectionBlock => ({
  type: 'section',
  text: { type: 'plain_text', text: fitted(clean(text.toWellFormed(), limit).trim(), limit) || '—', emoji: false },
})

/** Words of ours, with others' in `code`. `verbatim`: Slack makes no links and mentions out of what merely looks like them. */
export const mrkdwn = (text: string): MrkdwnElement => ({ type: 'mrkdwn', text, verbatim: true })

export const section = (...lines: string[]): SectionBlock => ({ type: 'section', text: mrkdwn(linesWithin(lines)) })

/** As many whole lines as there is room for, and how many were left out. */
export const linesWithin = (lines: string[], limit = LINES): string => {
  const room = limit - 40
  const kept: string[] = []
  let length = 0
  for (const line of lines) {
    length += line.length + 1
    if (length > room) break
    kept.push(line)
  }
  const left = lines.length - kept.length
  return [...kept, ...(left > 0 ? [`… and ${left} more`] : [])].join('\n')
}

const LONGEST_URL = 400

/** A link with words of ours; only the words where the address is none of the web. */
export const link = (words: string, url: string | null): string => {
  const href = webAddress(url)
  return href === null ? words : `<${escaped(href.replaceAll('|', '%7C'))}|${words}>`
}

/** An address of the web that Slack takes; null: it is none. */
export const webAddress = (url: string | null): string | null => {
  const address = url !== null && URL.canParse(url) ? new URL(url) : null
  const isWeb = address?.protocol === 'https:' || address?.protocol === 'http:'
  return isWeb && escaped(address.href).length <= LONGEST_URL ? address.href : null
}

/** A time as each reader's own clock shows it. */
export const date = (
  at: string,
  shape: '{date_short_pretty} {time}' | '{time}' = '{date_short_pretty} {time}',
): string => {
  const ms = Date.parse(at)
  if (Number.isNaN(ms)) return code(at, 40)
  const utc = new Date(ms).toISOString()
  const fallback = shape === '{time}' ? utc.slice(11, 16) : `${utc.slice(0, 10)} ${utc.slice(11, 16)}`
  return `<!date^${Math.floor(ms / 1000)}^${shape}|${fallback} UTC>`
}

const NAMES = 10

export const names = (people: string[]): string => {
  const shown = people.slice(0, NAMES).map((one) => code(one, 50))
  if (shown.length === 0) return 'nobody'
  return shown.join(', ') + (people.length > NAMES ? ` and ${people.length - NAMES} more` : '')
}
