import { stripVTControlCharacters } from 'node:util'

/** A line as a terminal showed it, colours and all, and the second when it came. */
export interface Line {
  text: string
  at: number
}

const ROW = 19
const TOP = 46
const LETTER = 7.83
const COLUMNS = 112

const COLOURS: Record<string, string> = {
  '1': 'bold',
  '2': 'dim',
  '31': 'red',
  '32': 'green',
  '33': 'yellow',
  '34': 'blue',
  '35': 'magenta',
  '36': 'cyan',
}

const STYLE = `
text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; fill: #d6dde6; white-space: pre; }
.dim { fill: #8b98a9; } .bold { font-weight: 700; fill: #fff; } .red { fill: #ff8f88; } .green { fill: #7ee0a0; }
.yellow { fill: #f2cc60; } .blue { fill: #86b8ff; } .magenta { fill: #dfa7ff; } .cyan { fill: #7fdbe0; }
g { animation: come .01s both; } @keyframes come { from { opacity: .25 } to { opacity: 1 } }
@media (prefers-reduced-motion: reduce) { g { animation: none } }`

/** An SVG in which the lines light up when they came; before that they are dim, so that nobody looks at an empty window. */
export const terminalPicture = (title: string, lines: Line[]): string => {
  const cut = lines.flatMap(({ text, at }) => wrap(text).map((part) => ({ text: part, at })))
  const width = Math.ceil(COLUMNS * LETTER) + 40
  const height = TOP + cut.length * ROW + 14
  const rows = cut.map(({ text, at }, i) => row(text, at, TOP + i * ROW + 8)).join('\n')
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${xml(title)}">
<style>${STYLE}</style>
<rect width="${width}" height="${height}" rx="10" fill="#10151c"/>
<circle cx="22" cy="20" r="6" fill="#ff5f57"/><circle cx="42" cy="20" r="6" fill="#febc2e"/><circle cx="62" cy="20" r="6" fill="#28c840"/>
<text x="${width / 2}" y="25" text-anchor="middle" class="dim">${xml(title)}</text>
${rows}
</svg>
`
}

const row = (text: string, at: number, y: number): string =>
  `<g style="animation-delay:${at.toFixed(2)}s"><text x="20" y="${y}">${spans(text)}</text></g>`

const ESCAPE = String.fromCharCode(27)
const SGR = new RegExp(`${ESCAPE}\\[(\\d+)m`)

/** Every run of letters under the colours that are on there. */
const spans = (text: string): string => {
  const on = new Set<string>()
  return text
    .split(SGR)
    .map((part, i) => {
      if (i % 2 === 1) return turn(on, part)
      if (part === '') return ''
      return on.size > 0 ? `<tspan class="${[...on].join(' ')}">${xml(part)}</tspan>` : xml(part)
    })
    .join('')
}

const turn = (on: Set<string>, code: string): string => {
  const colour = COLOURS[code]
  if (colour) on.add(colour)
  else if (code === '22') for (const weight of ['bold', 'dim']) on.delete(weight)
  else on.clear()
  return ''
}

/** A line that is longer than the window goes on in the next one, without its colours. */
const wrap = (text: string): string[] => {
  const plain = stripVTControlCharacters(text)
  if (plain.length <= COLUMNS) return [text]
  return plain.match(new RegExp(`.{1,${COLUMNS}}(?= |$)`, 'g')) ?? [plain]
}

const xml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
