import { html } from 'ghtml'
import { clean, firstLine } from '../../thread/text.ts'

/** Words that people, models and GitHub wrote, as a page shows them: composed, nothing invisible, capped. Escaped where they are put in. */
export const words = (text: string, limit = 4_000): string => clean(text.toWellFormed(), limit)

export const line = (text: string, limit = 200): string => words(firstLine(text), limit)

/** A moment, exactly and in UTC; script adds how long ago that is, in the viewer's zone. */
export const moment = (at: string): string =>
  html`<time datetime="${at}">${at.slice(0, 16).replace('T', ' ')} UTC</time>`

const UNITS = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
  [1, 's'],
] as const

/** A length of time in its two largest units. */
export const duration = (ms: number): string => {
  const seconds = Math.max(0, Math.round(ms / 1_000))
  const first = UNITS.findIndex(([size]) => seconds >= size)
  if (first === -1) return ms > 0 && ms < 500 ? `${Math.round(ms)} ms` : '0 s'
  let left = seconds
  const parts = UNITS.slice(first, first + 2).map(([size, unit]) => {
    const count = Math.floor(left / size)
    left -= count * size
    return count === 0 ? '' : `${count} ${unit}`
  })
  return parts.filter(Boolean).join(' ')
}

/** An address of the web; null for what is none, and so is no link. */
export const webAddress = (url: string | null | undefined): string | null => {
  if (!url || !URL.canParse(url)) return null
  const { protocol, href } = new URL(url)
  return protocol === 'https:' || protocol === 'http:' ? href : null
}

export const link = (url: string | null | undefined, text: string): string => {
  const href = webAddress(url)
  return href === null ? html`${text}` : html`<a href="${href}" rel="noreferrer">${text}</a>`
}

export const inWords = (name: string): string => name.replaceAll('_', ' ')

/** Words that were written; of many the first, with all of them at `whole`. */
export const quoted = (text: string, whole: string): string =>
  html`<blockquote dir="auto">${words(text, SHORT)}</blockquote>!${text.length <= SHORT ? '' : html`<p><a href="${whole}">All ${text.length} characters</a></p>`}`

const SHORT = 500
