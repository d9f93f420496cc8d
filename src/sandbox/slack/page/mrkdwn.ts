import { type Html, html } from '../../html.ts'
import { withEmoji } from './emoji.ts'

/** How the page calls a person or a channel that a text names by id. */
export interface Names {
  person(id: string): string
  channel(id: string): string
}

/** Slack's markup as the page shows it. Whatever is no markup stays text. */
export const mrkdwn = (text: string, names: Names): Html => {
  const lines = text.split(/(?<=\n)/)
  const quoted = (line: string): boolean => /^(&gt;|>)/.test(line)
  const parts: Html[] = []
  for (let from = 0; from < lines.length; ) {
    const quote = quoted(lines[from] ?? '')
    let to = from
    while (to < lines.length && quoted(lines[to] ?? '') === quote) to += 1
    const run = lines.slice(from, to)
    const inside = run.map((line) => (quote ? line.replace(/^(&gt;|>) ?/, '') : line)).join('')
    parts.push(quote ? html`<blockquote>${spans(inside, names)}</blockquote>` : html`${spans(inside, names)}`)
    from = to
  }
  return html`${parts}`
}

/** Text as it is, with the line breaks. */
export const plain = (text: string): Html => {
  const lines = withEmoji(text)
    .split('\n')
    .map((line) => visible(line))
  return html`${lines.map((line, index) => (index === 0 ? line : html`<br>${line}`))}`
}

const SPAN =
  /```\n?([\s\S]+?)```|`([^`\n]+)`|<([^<>\n]+)>|(?<![\w*])\*(?!\s)([^*\n]+?)(?<!\s)\*(?![\w*])|(?<!\w)_(?!\s)([^_\n]+?)(?<!\s)_(?!\w)|(?<!\w)~([^~\n]+)~(?!\w)/g

const spans = (text: string, names: Names): Html[] => {
  const parts: Html[] = []
  let from = 0
  for (const match of text.matchAll(SPAN)) {
    const [whole, block, code, link, bold, italic, struck] = match
    parts.push(plain(decoded(text.slice(from, match.index))))
    from = match.index + whole.length
    if (block !== undefined) parts.push(html`<pre>${visible(decoded(block))}</pre>`)
    else if (code !== undefined) parts.push(html`<code>${visible(decoded(code))}</code>`)
    else if (link !== undefined) parts.push(reference(link, names))
    else if (bold !== undefined) parts.push(html`<b>${spans(bold, names)}</b>`)
    else if (italic !== undefined) parts.push(html`<i>${spans(italic, names)}</i>`)
    else parts.push(html`<s>${spans(struck ?? '', names)}</s>`)
  }
  return [...parts, plain(decoded(text.slice(from)))]
}

/** What stands between < and >: somebody, a channel, everybody, a time, or a link. */
const reference = (inside: string, names: Names): Html => {
  const [target = '', label] = inside.split('|', 2)
  const said = label === undefined ? undefined : decoded(label)
  const id = target.slice(1)
  if (/^@[UW]\w+$/.test(target)) return html`<span class="mention">@${visible(said ?? names.person(id))}</span>`
  if (/^#C\w+$/.test(target)) return html`<span class="mention">#${visible(said ?? names.channel(id))}</span>`
  if (/^!(channel|here|everyone)$/.test(target)) return html`<span class="mention loud">@${id}</span>`
  if (target.startsWith('!date^')) return html`<span class="date">${visible(said ?? target)}</span>`
  if (/^(https?:\/\/|mailto:)/i.test(target)) {
    const href = decoded(target)
    return html`<a href="${href}" target="_blank" rel="noopener noreferrer">${visible(said ?? href)}</a>`
  }
  return visible(decoded(`<${inside}>`))
}

const decoded = (text: string): string => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')

// Marks that turn the direction of what follows, and blanks of no width: with them a name can be made to look like another.
const HIDDEN = /([\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff])/

/** Text in which what cannot be seen is shown. */
export const visible = (text: string): Html =>
  html`${text.split(HIDDEN).map((part) => (HIDDEN.test(part) ? mark(part) : html`${part}`))}`

const mark = (letter: string): Html =>
  html`<span class="mark">U+${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}</span>`
