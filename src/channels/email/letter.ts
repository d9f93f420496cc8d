import { clean } from '../../thread/text.ts'

/** A mail before it is text or HTML: both say the same. All that is in it may be untrusted; whoever renders it escapes it. */
export interface Letter {
  headline: string
  tone: Tone
  parts: Part[]
}

/** `loud`: it needs a second look · `ask`: it needs an answer. */
export type Tone = 'ask' | 'loud' | 'good' | 'bad' | 'plain'

export type Part =
  | { is: 'alert'; text: string }
  | { is: 'facts'; rows: [label: string, value: Value][] }
  | { is: 'list'; title: string; items: Value[] }
  | { is: 'words'; text: string }
  | { is: 'code'; label: string; code: string }
  | { is: 'button'; label: string; url: string }
  | { is: 'note'; text: string }

/** Words, and where they lead; `aside` is said more quietly. */
export interface Value {
  text: string
  url?: string | null
  aside?: string
}

/** Untrusted words in one line: nothing invisible, no line break that a header or a fact could end in. */
export const oneLine = (text: string, limit: number): string =>
  clean(text.toWellFormed(), limit).replace(/\s+/g, ' ').trim()

/** Untrusted words in several lines. */
export const someLines = (text: string, limit: number): string => clean(text.toWellFormed(), limit).trim()

/** The address where it is one of the web, whole; null: it leads nowhere. */
export const webUrl = (url: string | null | undefined): string | null => {
  if (!url || !URL.canParse(url)) return null
  const { protocol, href } = new URL(url)
  return protocol === 'https:' || protocol === 'http:' ? href : null
}

/** The first `most` of them, and how many more there are. */
export const upTo = <T>(items: readonly T[], most: number, show: (item: T) => Value, total = items.length): Value[] => {
  const shown = items.slice(0, most).map(show)
  return total > shown.length ? [...shown, { text: `… and ${total - shown.length} more` }] : shown
}
