import { html } from 'ghtml'
import { clean, firstLine } from '../../thread/text.ts'

/** Words that people, models and GitHub wrote, as a page shows them: composed, nothing invisible, capped. Escaped where they are put in. */
export const words = (text: string, limit = 4_000): string => clean(text.toWellFormed(), limit)

export const line = (text: string, limit = 200): string => words(firstLine(text), limit)

/** A moment: in words where it is near, exactly for whoever asks for it. */
export const moment = (at: string): string =>
  html`<time datetime="${at}">${at.slice(0, 16).replace('T', ' ')} UTC</time>`

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
