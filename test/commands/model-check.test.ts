import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { json, STEP, startProvider } from '../model/support.ts'

const ROOT = join(import.meta.dirname, '../..')
const { PATH, NODE_COMPILE_CACHE } = process.env

/** What `npm run model:check` says. */
const check = (env: NodeJS.ProcessEnv = {}) =>
  new Promise<{ code: number; out: string }>((resolve) => {
    const options = { cwd: ROOT, env: { PATH, NODE_COMPILE_CACHE, ...env } }
    execFile(process.execPath, ['src/commands/model-check.ts'], options, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out: out + err }),
    )
  })

const at = async (body: unknown, status = 200, prefix = 'LLM_') => {
  const provider = await startProvider((response) => json(response, body, status))
  onTestFinished(provider.close)
  return {
    [`${prefix}PROVIDER`]: 'openai-generic',
    [`${prefix}MODEL`]: 'm',
    [`${prefix}BASE_URL`]: `${provider.url}/v1`,
  }
}
const usage = { prompt_tokens: 1_000, completion_tokens: 100, prompt_tokens_details: { cached_tokens: 0 } }
const replies = (content: string) => ({ model: 'm', choices: [{ finish_reason: 'stop', message: { content } }], usage })

const priced = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'deploybot-check-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const file = join(directory, 'deploybot.yaml')
  const shipped = readFileSync(join(ROOT, 'deploybot.yaml'), 'utf8')
  writeFileSync(file, `${shipped}\nmodel: { prices: { m: { input: 2, output: 8 } } }\n`)
  return file
}

test('without a model it checks the sandbox, and says that it is one', async () => {
  const { out, code } = await check()
  expect(code).toBe(0)
  expect(out).toMatch(/^no model is configured.*sandbox/)
  expect(out).toContain('key, model and structured answer work')
  expect(out).toContain('proposed deploy_backend v1.2.3 staging')
})
test('a model that works: what it proposed, how long that took and what it costs', async () => {
  const { out, code } = await check({ ...(await at(replies(JSON.stringify(STEP)))), DEPLOYBOT_CONFIG: priced() })
  expect(code).toBe(0)
  expect(out).toMatch(/m proposed deploy_backend v1\.2\.3 production, in \d\.\d s\n/)
  expect(out).toContain('a step costs 0.002800: 1000 tokens in (0 of them cached), 100 out')
})
test('one whose price nobody said', async () =>
  expect((await check(await at(replies(JSON.stringify(STEP))))).out).toContain(
    'say so under model.prices in deploybot.yaml',
  ))
test.each([
  [401, {}, 'the key does not work: look at LLM_API_KEY'],
  [404, {}, 'look at LLM_MODEL and LLM_BASE_URL'],
  [503, {}, 'nobody answers'],
  [429, {}, 'the provider wants fewer calls'],
  [200, replies('I would deploy it.'), 'not the one JSON object that was asked for'],
])('HTTP %i with %j', async (status, body, words) => {
  const { out, code } = await check(await at(body, status))
  expect(code).toBe(1)
  expect(out).toContain(words)
})
test('one that stands in is checked as well', async () => {
  const { out, code } = await check({
    ...(await at(replies(JSON.stringify(STEP)))),
    ...(await at({}, 401, 'LLM_FALLBACK_')),
  })
  expect(code).toBe(1)
  expect(out).toContain('look at LLM_FALLBACK_API_KEY')
})
test('wrong settings are said by name', async () =>
  expect((await check({ LLM_PROVIDER: 'openai', LLM_MODEL: 'm' })).out).toContain('LLM_API_KEY: is missing'))
