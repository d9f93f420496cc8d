import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readPolicy } from '../config/deploybot-yaml.ts'
import { readConfigWith } from '../config.ts'
import type { Cleanup } from '../connect.ts'
import { connectTried } from '../connect-tried.ts'
import { compiled } from '../model/requests.ts'
import { openDatabase } from '../store/store.ts'
import { after, DURATION, secondsIn } from '../thread/time.ts'
import { replayCalls } from './replay/model.ts'
import { policyPage, replayPage } from './replay/page.ts'
import { replayPolicy } from './replay/policy.ts'
import { readPrompts } from './replay/prompts.ts'
import { threadsSince } from './replay/threads.ts'
import { policyInWords, replayInWords } from './replay/words.ts'

const USAGE = `usage: npm run replay -- [--prompt FILE|FOLDER] [--provider PROVIDER] [--model MODEL] | --policy FILE
  [--since 30d] [--limit 200] [--concurrency 4] [--json FILE] [--html FILE]
--prompt: one .baml file in the place of the one of its name in baml_src, or a whole folder
--policy: another deploybot.yaml; what was started is judged by it, and no model is asked
--limit: model calls, or deployments, the newest first`

const { values } = parseArgs({
  options: {
    prompt: { type: 'string' },
    provider: { type: 'string' },
    model: { type: 'string' },
    policy: { type: 'string' },
    since: { type: 'string', default: '30d' },
    limit: { type: 'string', default: '200' },
    concurrency: { type: 'string', default: '4' },
    json: { type: 'string' },
    html: { type: 'string' },
  },
})

const whole = (name: string, text: string): number => {
  const value = Number(text)
  if (Number.isInteger(value) && value > 0) return value
  throw new Error(`--${name} must be a whole number above 0\n${USAGE}`)
}

const sinceOf = (text: string): string => {
  if (new RegExp(DURATION).test(text)) return after(new Date().toISOString(), -secondsIn(text))
  if (Number.isFinite(Date.parse(text))) return new Date(text).toISOString()
  throw new Error(`--since must be such as 30d, 12h or 2026-11-01\n${USAGE}`)
}

/** Everything that can be wrong is found before the first call. */
const wishes = () => {
  const { prompt, provider, model, policy } = values
  if (policy !== undefined && (prompt ?? provider ?? model) !== undefined) {
    throw new Error(`--policy asks no model: try one thing after the other\n${USAGE}`)
  }
  const own = join(import.meta.dirname, '../../baml_src')
  return {
    since: sinceOf(values.since),
    limit: whole('limit', values.limit),
    concurrency: whole('concurrency', values.concurrency),
    policy: policy === undefined ? null : readPolicy(policy),
    prompts: prompt === undefined ? null : triedPrompts(prompt, own),
    config: readConfigWith({ LLM_PROVIDER: provider, LLM_MODEL: model }),
  }
}

/** Only what is sent is theirs: replies are read by the tools of this build, so a tool that they add is no step. */
const triedPrompts = (path: string, own: string) => {
  const sources = readPrompts(path, own)
  compiled(sources)
  return sources
}

const run = async (cleanups: Cleanup[]): Promise<void> => {
  const { since, limit, concurrency, policy, prompts, config } = wishes()
  const { pool, close } = await openDatabase(config.database)
  cleanups.push(close)
  const { logs, unreadable } = await threadsSince(pool, since)
  say(`${logs.length} threads since ${since}`)
  for (const { id, why } of unreadable) say(`thread ${id} cannot be read and is left out: ${why}`)
  const about = { threads: logs.length, since, publicUrl: config.http.publicUrl }
  if (policy) {
    const result = replayPolicy(logs, policy, limit)
    say(policyInWords(result))
    return keep(result, policyPage(result, { ...about, what: `The rules of ${values.policy}` }))
  }
  const { model, description } = await connectTried(config, cleanups, prompts ? { prompts } : {})
  say(`asking ${description}`)
  const result = await replayCalls(logs, { model, policy: config.policy, limit, concurrency })
  say(replayInWords(result))
  const what = values.prompt === undefined ? description : `${description}, with ${values.prompt}`
  return keep(result, replayPage(result, { ...about, what }))
}

const say = (text: string): void => void process.stdout.write(`${text}\n`)
const keep = async (result: object, page: string): Promise<void> => {
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(result, null, 2)}\n`)
  if (values.html !== undefined) await writeFile(values.html, page)
}

const cleanups: Cleanup[] = []
try {
  await run(cleanups)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message.split('\nStack backtrace')[0]?.trim() : error}\n`)
  process.exitCode = 1
} finally {
  for (const cleanup of cleanups.reverse()) await cleanup()
}
