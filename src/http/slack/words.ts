import { clean } from '../../thread/text.ts'

const MOST = 20_000
const MARKUP = /<([^<>|]*)(?:\|([^<>]*))?>/g

/** What somebody wrote in Slack as people read it there: without the mention of us, and without Slack's own marks. */
export const wordsOf = (text: string, botUser: string): string => {
  const read = text
    .replace(MARKUP, (_, target: string, label?: string) => inWords(target, label, botUser))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
  return clean(read.toWellFormed(), MOST).trim()
}

const inWords = (target: string, label: string | undefined, botUser: string): string => {
  if (target === `@${botUser}`) return ' '
  if (/^[@#]/.test(target)) return `${target[0]}${label || target.slice(1)}`
  if (target.startsWith('!')) return label || `@${target.slice(1)}`
  return label || target.replace(/^mailto:/, '')
}
