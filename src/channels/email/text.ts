import type { Letter, Part, Value } from './letter.ts'

/** The letter for whoever reads plain text. */
export const asText = ({ headline, tone, parts }: Letter): string =>
  [tone === 'loud' ? `!!! ${headline} !!!` : headline, ...parts.map(part)].join('\n\n').concat('\n')

const part = (one: Part): string => {
  switch (one.is) {
    case 'alert':
      return `!!! ${one.text}`
    case 'facts':
      return one.rows.map(([label, shown]) => `${`${label}:`.padEnd(14)}${value(shown)}`).join('\n')
    case 'list':
      return [`${one.title}:`, ...one.items.map((item) => `- ${value(item)}`)].join('\n')
    case 'words':
      return one.text
        .split('\n')
        .map((line) => `| ${line}`)
        .join('\n')
    case 'code':
      return `${one.label}\n${one.code}`
    case 'button':
      return `${one.label}:\n${one.url}`
    case 'note':
      return one.text
  }
}

const value = ({ text, url, aside }: Value): string =>
  `${text}${aside === undefined ? '' : ` (${aside})`}${url ? ` ${url}` : ''}`
