import { tokensIn } from '../../src/thread/context/tokens.ts'
import type { Event } from '../../src/thread/event.ts'
import { renderThread } from '../../src/thread/prompt.ts'
import { threads } from '../thread/context/threads.ts'
import { made } from './prompt/made.ts'
import { standardMessages, tokensOf } from './prompt/standard.ts'
import { table } from './report.ts'

// What providers take of the price for tokens that they have cached: a tenth (Anthropic, and OpenAI since gpt-5).
const CACHED = 0.1

const sum = (values: number[]): number => values.reduce((all, value) => all + value, 0)
const percent = (part: number, whole: number): string => `${Math.round((100 * part) / whole)} %`

const common = (one: string, other: string): string => {
  let n = 0
  while (n < one.length && one[n] === other[n]) n++
  return one.slice(0, n)
}

/** What each call of the model was shown, of the thread alone. */
const measure = ({ name, events }: { name: string; events: Event[] }) => {
  const seen = events.flatMap(({ actor }, i) => (actor.kind === 'model' ? [events.slice(0, i)] : []))
  const ours = seen.map((before) => renderThread(before))
  const tokens = ours.map(tokensIn)
  const standard = seen.map((before) => tokensOf(standardMessages(before)))
  const again = ours.map((text, i) => (i === 0 ? 0 : tokensIn(common(ours[i - 1] ?? '', text))))
  const againStandard = standard.map((_, i) => (i === 0 ? 0 : (standard[i - 1] ?? 0)))
  return { name, calls: seen.length, tokens, standard, again, againStandard }
}

const all = [...threads, ...made].map(measure).filter(({ calls }) => calls > 0)
const price = (tokens: number[], again: number[]): number => sum(tokens) - (1 - CACHED) * sum(again)
const row = (name: string, of: Omit<ReturnType<typeof measure>, 'name'>[]) => {
  const take = (key: 'tokens' | 'standard' | 'again' | 'againStandard') => of.flatMap((one) => one[key])
  const last = (key: 'tokens' | 'standard') => sum(of.map((one) => one[key].at(-1) ?? 0))
  const sent = sum(of.flatMap(({ tokens }) => tokens.slice(0, -1)))
  return [
    name,
    sum(of.map(({ calls }) => calls)),
    last('standard'),
    last('tokens'),
    percent(last('tokens'), last('standard')),
    percent(sum(take('tokens')), sum(take('standard'))),
    sent === 0 ? '' : percent(sum(take('again')), sent),
    percent(price(take('tokens'), take('again')), price(take('standard'), take('againStandard'))),
  ]
}
table(
  `${all.length} threads as the model reads them, beside chat messages with JSON; only what stands for the thread, in tokens (estimated, within 8 % of o200k_base)`,
  ['thread', 'calls', 'JSON, last', 'ours, last', 'of JSON', 'all calls', 'prefix kept', 'price'],
  [...all.map((one) => row(one.name, [one])), row('all', all)],
)
