import { clean } from '../../thread/text.ts'

/**
 * Untrusted words are shown as code, where GitHub makes nothing of them: no mention that notifies people, no link, no image, no reference
 * to an issue, no HTML. (Escaping them was considered: an escaped `@team` still notifies the team.)
 */
export const code = (text: string, limit = 200): string => {
  const line = clean(text.toWellFormed(), limit).replace(/\s+/g, ' ').trim()
  if (line === '') return '—'
  const fence = '`'.repeat(longestRun(line) + 1)
  // A backtick at an end would join the fence.
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : ''
  return `${fence}${pad}${line}${pad}${fence}`
}

const COLUMNS = 100

/** Several lines of untrusted words, broken where they would run out of the comment. */
export const block = (text: string, limit = 4_000): string => {
  const lines = clean(text.toWellFormed(), limit).trim().split('\n').flatMap(wrap)
  const fence = '`'.repeat(Math.max(3, longestRun(lines.join('\n')) + 1))
  return `${fence}text\n${lines.join('\n')}\n${fence}`
}

const longestRun = (text: string): number => Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))

const wrap = (line: string): string[] => {
  const lines = ['']
  for (const word of line.split(' ')) {
    const last = lines.at(-1) ?? ''
    if (last !== '' && last.length + word.length >= COLUMNS) lines.push(word)
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`
  }
  return lines
}

/** A link with words of ours; only the words where the address is none of the web. */
export const link = (words: string, url: string | null): string => {
  const address = url !== null && URL.canParse(url) ? new URL(url) : null
  if (address?.protocol !== 'https:' && address?.protocol !== 'http:') return words
  return `[${words}](${address.href.replace(/[()<>\\]/g, (letter) => encodeURIComponent(letter).replace('(', '%28').replace(')', '%29'))})`
}
