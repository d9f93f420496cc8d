import { writeFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { readConfigWith } from '../../src/config.ts'
import type { Cleanup } from '../../src/connect.ts'
import { connectTried } from '../../src/connect-tried.ts'
import { CASES } from './cases.ts'
import { createFiles } from './files.ts'
import { inWords, reportOf } from './report.ts'
import { type Price, run } from './run.ts'

const USAGE = `usage: npm run evals -- [--provider PROVIDER --model MODEL] [--concurrency 4] [--only CATEGORY] [--limit N]
  [--max-calls 500] [--price IN,OUT --max-usd 2] [--json FILE] [--fresh]
Without --provider: what LLM_PROVIDER says, else the sandbox planner. Key and address: LLM_API_KEY, LLM_BASE_URL.
--price: dollars for a million tokens in and out. --fresh: do not go on with a run that was not finished.`

const { values } = parseArgs({
  options: {
    provider: { type: 'string' },
    model: { type: 'string' },
    concurrency: { type: 'string', default: '4' },
    only: { type: 'string', default: '' },
    limit: { type: 'string', default: String(CASES.length) },
    'max-calls': { type: 'string', default: '500' },
    'max-usd': { type: 'string' },
    price: { type: 'string' },
    json: { type: 'string' },
    fresh: { type: 'boolean', default: false },
  },
})

const number = (name: string, text: string): number => {
  const value = Number(text)
  if (Number.isFinite(value) && value > 0) return value
  throw new Error(`--${name} must be a number above 0\n${USAGE}`)
}

const priceOf = (text: string | undefined): Price | null => {
  if (text === undefined) return null
  const [input, output, ...more] = text.split(',').map(Number)
  if (input === undefined || output === undefined || more.length > 0 || !(input >= 0 && output >= 0)) {
    throw new Error(`--price must be two numbers, such as 2.5,10\n${USAGE}`)
  }
  return { input, output }
}

const price = priceOf(values.price)
const mostUsd = values['max-usd'] === undefined ? null : number('max-usd', values['max-usd'])
if (mostUsd !== null && price === null) throw new Error(`--max-usd needs --price\n${USAGE}`)

const { provider, model: named } = values
const config = readConfigWith({ LLM_PROVIDER: provider, LLM_MODEL: named })
const say = (text: string): void => void process.stdout.write(`${text}\n`)
const cleanups: Cleanup[] = []
const { model, asked, description } = await connectTried(config, cleanups)
const about = { provider: config.model?.provider ?? 'sandbox', model: asked.model, price }
const files = await createFiles(config.dataDir, about.provider, about.model)
if (values.fresh) await files.forget()
const before = await files.before()
const cases = CASES.filter(({ category }) => category.includes(values.only)).slice(0, number('limit', values.limit))
say(`${cases.length} cases, ${description}${before.size > 0 ? `; ${before.size} answers of an unfinished run` : ''}`)

const done = await run(cases, model, {
  concurrency: number('concurrency', values.concurrency),
  mostCalls: number('max-calls', values['max-calls']),
  mostUsd,
  price,
  before,
  pause: (ms) => pause(ms),
  onResult: (result) => void files.keep(result),
})
const report = reportOf(done, { ...about, at: new Date().toISOString() })
say(`\n${inWords(report, await files.last())}`)
if (values.json) await writeFile(values.json, `${JSON.stringify(report, null, 2)}\n`)
// Part of the cases is no score to compare a later one with.
if (done.left === 0 && cases.length === CASES.length) {
  await files.finish(report)
  say(`\nkept in ${files.path}`)
}
for (const cleanup of cleanups) await cleanup()
