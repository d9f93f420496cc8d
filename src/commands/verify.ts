import { parseArgs } from 'node:util'
import { readConfig } from '../config.ts'
import { createModel } from '../model/model.ts'
import { openDatabase } from '../store/store.ts'
import { storedThreads } from '../store/verify.ts'
import { type Verified, verifyThreads } from './verify/check.ts'

const USAGE = `usage: npm run verify -- [--prompts-since DATE]
Folds every thread anew and compares it with its row; renders every prompt anew and compares it with the hash of what was sent.
A prompt comes out the same only from the same code and deploybot.yaml: --prompts-since says from when on it must.`

// The four ways in which providers are asked; none is called.
const FAMILIES = ['openai-generic', 'openai-responses', 'anthropic', 'google-ai']
const PAGE = 50
const MOST_SHOWN = 50
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000'

const { values } = parseArgs({ options: { 'prompts-since': { type: 'string' } } })
const promptsSince = values['prompts-since'] ?? null
if (promptsSince !== null && Number.isNaN(Date.parse(promptsSince))) throw new Error(USAGE)

const say = (text: string): void => void process.stdout.write(`${text}\n`)
const { policy, database } = readConfig()
const models = FAMILIES.map((provider) =>
  createModel({ provider, model: 'none', apiKey: 'none', baseUrl: 'http://127.0.0.1:9/v1' }),
)
const sum: Verified = { threads: 0, events: 0, prompts: { same: 0, other: 0 }, differences: [] }
const { pool, close } = await openDatabase(database)
try {
  for (let last: string | undefined = BEFORE_ALL; last !== undefined; ) {
    const page = await storedThreads(pool, last, PAGE)
    await verifyThreads(page, { models, policy, promptsSince }, sum)
    last = page.at(-1)?.id
  }
} finally {
  await close()
}
const { threads, events, prompts, differences } = sum
say(`${threads} threads, ${events} events: ${differences.length} differences`)
say(
  `${prompts.same} prompts come out byte for byte as they were sent; ${prompts.other} were rendered by other code or rules`,
)
for (const { thread_id, seq, what } of differences.slice(0, MOST_SHOWN)) {
  say(`  ${thread_id}${seq === null ? '' : `:${seq}`} ${what}`)
}
if (differences.length > MOST_SHOWN) say(`  and ${differences.length - MOST_SHOWN} more`)
if (differences.length > 0) process.exitCode = 1
