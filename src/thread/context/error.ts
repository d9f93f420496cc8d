import type { ErrorData, Event, Json } from '../event.ts'
import { clean, firstLine } from '../text.ts'
import { toYaml } from '../yaml.ts'
import { allowedAfter } from './hints.ts'
import { tokensIn, withinTokens } from './tokens.ts'

/** The most that an error may take of the model's window, its tag included. */
export const MOST_TOKENS = 60
const TAGS = tokensIn('<error>\n') + tokensIn('\n</error>')
const LETTERS = 400
// The step itself nearly always stands above its error: this gives way first.
const TRIED = [16, 4]

/** How many tokens the message gets, and how many names there are: the first that fits. */
const TRIES = [
  [40, 4],
  [30, 3],
  [22, 3],
  [16, 2],
  [12, 1],
  [10, 0],
  [5, 0],
  [2, 0],
] as const

/** What was tried, what failed and why, and what is allowed now. People see the whole message and the log; the model, this. */
export const compactError = (data: ErrorData, tried: Event | undefined): Json => {
  for (const [tokens, names] of TRIES) {
    for (const words of TRIED) {
      const shown = fields(data, tried && withinTokens(stepInWords(tried), words), tokens, names)
      if (tokensIn(toYaml(shown, '', 'plain')) + TAGS <= MOST_TOKENS) return shown
    }
  }
  return { code: clean(data.code, 20), allowed: allowedAfter(data.code) }
}

const fields = (data: ErrorData, tried: string | undefined, tokens: number, names: number): Json => ({
  code: clean(data.code, 40),
  ...(tried ? { tried } : {}),
  message: withinTokens(clean(reasonOf(data), LETTERS), tokens),
  // Names to choose from say what is allowed better than any hint.
  ...(data.nearest?.length && names > 0
    ? {
        nearest: data.nearest
          .slice(0, names)
          .map((name) => clean(name, 24))
          .join(', '),
      }
    : { allowed: allowedAfter(data.code) }),
})

// What says nothing to the model, and would take half of what there is.
const THREAD = / \(thread [\da-f-]{36}\)/g
const SECONDS = /(\d{4}-\d\d-\d\dT\d\d:\d\d):\d\d(?:\.\d+)?Z/g

/** Of a run that broke: where, and the line that says most of why. */
const reasonOf = ({ message, job, step, log }: ErrorData): string => {
  if (job === undefined) return firstLine(message.trim()).replace(THREAD, '').replace(SECONDS, '$1Z')
  const last = log === undefined ? '' : tellingIn(log)
  return `${job}${step ? `, ${step}` : ''}${last && `: ${last}`}`
}

/** The last line that names something wrong; that a process has ended is at the end of every log, and says nothing. */
const tellingIn = (log: string): string => {
  const lines = log.split('\n').map((line) => line.replace(/^\s*(?:##\[error\]|error:)?\s*/i, '').trim())
  const telling = lines.filter((line) => line !== '' && !/\bexit(?:ed)?\b.{0,20}\b(?:code|status)\b/i.test(line))
  return telling.findLast((line) => WRONG.test(line)) ?? telling.at(-1) ?? ''
}

const WRONG =
  /\b(?:error|fail\w*|fatal|denied|refused|cannot|unable|not found|no such|no space|invalid|exception|panic|timed? ?out|E[A-Z]{4,})\b/i

/** `deploy_backend v1.2.3 production`: the step and its arguments, in their order. */
const stepInWords = ({ type, data }: Event): string => {
  const args = Object.entries(data).filter(([name, value]) => name !== 'intent' && typeof value === 'string')
  const inOrder = args.toSorted(([a], [b]) => place(a) - place(b) || (a < b ? -1 : 1))
  return clean([type, ...inOrder.map(([, value]) => firstLine(String(value)))].join(' '), LETTERS)
}

const ORDER = ['service', 'tag', 'environment']
const place = (name: string): number => ORDER.indexOf(name) + 1
