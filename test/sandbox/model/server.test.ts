import { execFile } from 'node:child_process'
import { request } from 'node:http'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type SandboxModel, startSandboxModel } from '../../../src/sandbox/model/server.ts'

let sandbox: SandboxModel
beforeAll(async () => {
  sandbox = await startSandboxModel()
})
afterAll(() => sandbox.close())

const post = (url: string, body: unknown, headers = {}) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
const ask = (message: string) =>
  post(`${sandbox.url}/chat/completions`, {
    model: 'any',
    messages: [{ role: 'user', content: `<message>\nfrom: "a"\nmessage: ${JSON.stringify(message)}\n</message>` }],
  })
const control = (path: string) => new URL(`/_sandbox/${path}`, sandbox.url).href

test('says plainly what it is', async () => {
  expect(sandbox.description).toContain('no language model')
  expect(await (await fetch(`${sandbox.url}/models`)).json()).toMatchObject({ data: [{ id: 'sandbox-planner' }] })
})

test('answers as an OpenAI-compatible server does', async () => {
  expect(await (await ask('deploy backend v1.2.3 to staging')).json()).toMatchObject({
    object: 'chat.completion',
    model: 'sandbox-planner',
    choices: [
      { index: 0, finish_reason: 'stop', message: { role: 'assistant', content: expect.stringMatching(/^{/) } },
    ],
    usage: { prompt_tokens: expect.any(Number) as number },
  })
})

test('gives queued answers first, word for word, and tells what it was asked', async () => {
  expect((await post(control('replies'), [{ content: 'one' }, { status: 503, body: 'two' }])).status).toBe(204)
  expect(await (await ask('x')).json()).toMatchObject({ choices: [{ message: { content: 'one' } }] })
  const second = await ask('y')
  expect([second.status, await second.text()]).toEqual([503, 'two'])
  const requests = (await (await fetch(control('requests'))).json()) as { body: { messages: { content: string }[] } }[]
  expect(requests.at(-1)?.body.messages[0]?.content).toContain('message: "y"')
})

test('refuses what is no chat, and who is not on loopback', async () => {
  expect((await post(`${sandbox.url}/chat/completions`, { model: 'm', messages: [] })).status).toBe(400)
  expect((await post(control('replies'), [{ contents: 'typo' }])).status).toBe(400)
  const status = await new Promise((resolve) => {
    request(control('requests'), { headers: { host: 'evil.test' } }, ({ statusCode }) => resolve(statusCode)).end()
  })
  expect(status).toBe(403)
})

test("BAML's own tests of the prompt pass against it", async () => {
  const env = { ...process.env, LLM_BASE_URL: sandbox.url, LLM_MODEL: 'sandbox-planner' }
  const cli = fileURLToPath(new URL('../../../node_modules/@boundaryml/baml/cli.js', import.meta.url))
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [cli, 'test', '--from', 'baml_src'], { env })
  expect(`${stdout}${stderr}`).toMatch(/12 tests \(12 ✅\)/)
})
