import { columns } from '../../src/commands/columns.ts'
import type { Result } from './grade.ts'
import { costOf, type Price, type Run } from './run.ts'

/** What one model made of the evals. */
export interface Report {
  provider: string
  model: string
  at: string
  passed: number
  of: number
  left: number
  calls: number
  usd: number | null
  input_tokens: number
  output_tokens: number
  ms: { p50: number; p95: number }
  categories: { category: string; passed: number; of: number }[]
  results: Result[]
}

export const reportOf = (
  { results, left, calls }: Run,
  about: { provider: string; model: string; at: string; price: Price | null },
): Report => {
  const { price, ...named } = about
  const times = results.map(({ ms }) => ms).sort((a, b) => a - b)
  const names = [...new Set(results.map(({ category }) => category))]
  return {
    ...named,
    ...score(results),
    left,
    calls,
    // Also what was asked in an earlier run that this one goes on with.
    usd: price && sum(results.map((result) => costOf(result, price))),
    input_tokens: sum(results.map(({ input_tokens }) => input_tokens)),
    output_tokens: sum(results.map(({ output_tokens }) => output_tokens)),
    ms: { p50: at(times, 0.5), p95: at(times, 0.95) },
    categories: names.map((category) => ({
      category,
      ...score(results.filter((result) => result.category === category)),
    })),
    results,
  }
}

const score = (results: readonly Result[]) => ({
  passed: results.filter(({ passed }) => passed).length,
  of: results.length,
})
const sum = (numbers: number[]): number => numbers.reduce((all, one) => all + one, 0)
const at = (sorted: number[], part: number): number => sorted[Math.floor(part * (sorted.length - 1))] ?? 0

/** What became better and worse since the last report, by name. */
export const changesSince = ({ results }: Report, last: Report | null) => {
  const before = new Map(last?.results.map((result) => [keyOf(result), result.passed]))
  const turned = (to: boolean) =>
    results.filter((result) => result.passed === to && before.get(keyOf(result)) === !to).map(keyOf)
  return { better: turned(true), worse: turned(false) }
}

const keyOf = ({ category, name }: Result): string => `${category}: ${name}`

/** The report for a terminal. */
export const inWords = (report: Report, last: Report | null): string => {
  const { provider, model, passed, of, left, usd, ms, categories, results, input_tokens, output_tokens } = report
  const failed = results.filter((result) => !result.passed)
  const { better, worse } = changesSince(report, last)
  const money = usd === null ? 'no price given' : `$${usd.toFixed(4)}`
  return [
    `${provider}, ${model}: ${passed} of ${of}${left > 0 ? `, ${left} not asked` : ''}`,
    `${input_tokens} tokens in, ${output_tokens} out, ${money}; p50 ${ms.p50} ms, p95 ${ms.p95} ms`,
    '',
    columns([['CATEGORY', 'SCORE'], ...categories.map((one) => [one.category, `${one.passed}/${one.of}`])]),
    ...section(
      'FAILED',
      failed.map((result) => `${keyOf(result)}\n    wanted: ${result.expected}\n    got:    ${got(result)}`),
    ),
    ...section('BETTER THAN LAST TIME', better),
    ...section('WORSE THAN LAST TIME', worse),
  ].join('\n')
}

const section = (title: string, lines: string[]): string[] =>
  lines.length === 0 ? [] : ['', `${title} (${lines.length})`, ...lines.map((line) => `  ${line}`)]

const got = ({ step, error }: Result): string => (step ? JSON.stringify(step).slice(0, 300) : `no step: ${error}`)
