import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { privateKey } from '../sandbox/github/receiver.ts'
import { never } from '../sandbox/github/support.ts'
import { nowhere, open, order, token, toolsOf, v123 } from './support.ts'

test('starts the workflow with what was approved and nothing else', async () => {
  const { tools, posts, octokit, sandbox } = await open()
  const outcome = await tools.dispatch(order)
  expect(outcome).toMatchObject({ outcome: 'accepted', run_id: expect.any(Number) })
  const run_id = outcome.outcome === 'accepted' ? Number(outcome.run_id) : 0
  expect(outcome).toHaveProperty('html_url', `${sandbox.url}/acme/shop/actions/runs/${run_id}`)
  const { data } = await octokit.rest.actions.getWorkflowRun({ owner: 'acme', repo: 'shop', run_id })
  expect(data.display_title).toBe('Deploy backend v1.2.3 to production 0199-d1')
  expect(await posts()).toBe(1)
})

const accepted = { accept: true }
const refused = { accept: false }

test.concurrent.for([
  ['the connection drops after GitHub accepted', { do: 'drop', ...accepted }, 'unclear', 1],
  ['the connection drops before', { do: 'drop', ...refused }, 'unclear', 0],
  ['502 comes after GitHub accepted', { do: 'answer', status: 502, ...accepted }, 'unclear', 1],
  ['500 comes before', { do: 'answer', status: 500, ...refused }, 'unclear', 0],
  ['408 comes from in between', { do: 'answer', status: 408, ...refused }, 'unclear', 0],
  ['the answer takes too long', { do: 'delay', ms: 2000 }, 'unclear', 1],
  ['403 says retry-after', { do: 'answer', status: 403, retry_after: 7, ...refused }, 'deferred', 0],
  ['429 says retry-after', { do: 'answer', status: 429, retry_after: 7, ...refused }, 'deferred', 0],
  ['429 says nothing', { do: 'answer', status: 429, ...refused }, 'deferred', 0],
  ['the quota is used up', { do: 'answer', status: 403, rate_limited: true, ...refused }, 'deferred', 0],
  [
    'a secondary limit has no header',
    { do: 'answer', status: 403, message: 'You have exceeded a secondary rate limit', ...refused },
    'deferred',
    0,
  ],
  [
    '403 is about permission',
    { do: 'answer', status: 403, message: 'Resource not accessible', ...refused },
    'refused',
    0,
  ],
  ['409 conflicts', { do: 'answer', status: 409, ...refused }, 'refused', 0],
] as const)(
  'when %s it is sent once and never again',
  async ([_, fault, outcome, started], { expect, onTestFinished }) => {
    const options = { requestTimeoutMs: 500, paceWrites: true }
    const { tools, control, posts, runs } = await open(options, { pace: never }, onTestFinished)
    await control('POST', '/faults', { times: 10, ...fault })
    expect(await tools.dispatch(order)).toMatchObject({ outcome })
    // Octokit's own retries come after 1 s: none may.
    await new Promise((resolve) => setTimeout(resolve, 1500))
    expect(await posts()).toBe(1)
    expect((await runs()).total_count).toBe(started)
  },
)

test('says how long GitHub wants to be left alone', async () => {
  const { tools, control, sandbox } = await open()
  await control('POST', '/faults', { do: 'answer', accept: false, status: 429, retry_after: 7 })
  expect(await tools.dispatch(order)).toMatchObject({ outcome: 'deferred', retry_after_ms: 7000 })
  await control('POST', '/faults', { do: 'answer', accept: false, status: 403, rate_limited: true })
  const outcome = await toolsOf(sandbox.url).dispatch(order)
  expect(outcome.outcome === 'deferred' && outcome.retry_after_ms).toBeGreaterThan(55_000)
  expect(outcome.outcome === 'deferred' && outcome.retry_after_ms).toBeLessThanOrEqual(61_000)
})

test.each([
  [{ ref: 'nope' }, 'github_refused', 'No ref found for: nope'],
  [{ workflow: 'nope.yml' }, 'not_found', 'Not Found'],
  [{ tag: '' }, 'github_refused', "Required input 'tag' not provided"],
  [{ repository: 'acme/nope' }, 'not_found', 'Not Found'],
])('%o is refused in GitHub’s words', async (wrong, code, message) => {
  const { tools, posts } = await open()
  const outcome = await tools.dispatch({ ...order, ...wrong })
  expect(outcome).toMatchObject({ outcome: 'refused', code, message: expect.stringContaining(message) })
  expect(await posts()).toBe(1)
})

test('caps GitHub’s words', async () => {
  const { tools, control } = await open()
  await control('POST', '/faults', { do: 'answer', accept: false, status: 422, message: 'x'.repeat(5000) })
  const outcome = await tools.dispatch(order)
  expect(outcome.outcome === 'refused' && outcome.message.length).toBe(300)
})

test('accepts a server that tells no run', async () => {
  const { tools, control, posts, runs } = await open()
  const old = { do: 'answer', accept: false, status: 400, message: 'Invalid key: return_run_details' }
  await control('POST', '/faults', old)
  expect(await tools.dispatch(order)).toEqual({ outcome: 'accepted', run_id: null, html_url: null })
  expect(await posts()).toBe(2)
  expect((await runs()).total_count).toBe(1)
})

test('an unclear second try on such a server stays unclear', async () => {
  const { tools, control, posts } = await open()
  await control('POST', '/faults', { do: 'answer', accept: false, status: 400, message: 'return_run_details?' })
  await control('POST', '/faults', { do: 'answer', accept: true, status: 502 })
  expect(await tools.dispatch(order)).toMatchObject({ outcome: 'unclear' })
  expect(await posts()).toBe(2)
})

test('what never got a connection was not sent, and can be later', async () => {
  const outcome = await toolsOf(await nowhere()).dispatch(order)
  expect(outcome).toMatchObject({ outcome: 'deferred', reason: expect.stringContaining('ECONNREFUSED') })
})

test.each([301, 307])('does not follow a repository that moved (%i)', async (status) => {
  let requests = 0
  const server = createServer((_request, response) => {
    requests += 1
    response.writeHead(status, { location: '/repositories/1/actions/workflows/1/dispatches' }).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  expect(await toolsOf(url).dispatch(order)).toMatchObject({ outcome: 'refused', code: 'moved' })
  expect(requests).toBe(1)
})

test('leaves a second between two dispatches, as GitHub asks, and counts none of it against the deadline', async () => {
  const { tools, posts } = await open({ paceWrites: true, requestTimeoutMs: 500 })
  const began = Date.now()
  const outcomes = await Promise.all(['a', 'b', 'c'].map((dispatch_id) => tools.dispatch({ ...order, dispatch_id })))
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(['accepted', 'accepted', 'accepted'])
  expect(Date.now() - began).toBeGreaterThanOrEqual(1900)
  expect(await posts()).toBe(3)
})

const auth = { appId: 1, privateKey }

test('acts as a GitHub App through its installation, looked up once', async () => {
  const { tools, requests } = await open({ auth })
  expect(await tools.dispatch(order)).toMatchObject({ outcome: 'accepted' })
  expect(await tools.dispatch({ ...order, sha: v123 })).toMatchObject({ outcome: 'accepted' })
  const paths = (await requests()).map(({ path }) => path.replace('/repos/acme/shop/', ''))
  expect(paths).toEqual([
    'installation',
    'app/installations/4242/access_tokens'.replace(/^/, '/'),
    'actions/workflows/deploy-backend.yml/dispatches',
    'actions/workflows/deploy-backend.yml/dispatches',
  ])
})

test.each([
  ['its installation', 'GET', '/installation', 502, 'deferred'],
  ['its installation', 'GET', '/installation', 404, 'refused'],
  ['its token', 'POST', '/access_tokens', 502, 'deferred'],
  ['its token', 'POST', '/access_tokens', 403, 'refused'],
])('an App that cannot get %s (%s %s: %i) has sent nothing: %s', async (_, method, path, status, outcome) => {
  const { tools, control, posts } = await open({ auth })
  await control('POST', '/faults', { do: 'answer', accept: false, method, path, status, times: 5 })
  expect(await tools.dispatch(order)).toMatchObject({ outcome })
  expect(await posts()).toBe(0)
  await control('DELETE', '/faults')
  expect(await tools.dispatch(order)).toMatchObject({ outcome: 'accepted' })
})

test('never tells the token', async () => {
  const { sandbox, control } = await open()
  const malformed = toolsOf(sandbox.url, { auth: { token: `${token}\nx` } })
  const outcome = await malformed.dispatch(order)
  expect(JSON.stringify(outcome)).not.toContain(token)
  await control('POST', '/faults', { do: 'drop', accept: true })
  expect(JSON.stringify(await toolsOf(sandbox.url).dispatch(order))).not.toContain(token)
})

test('one that has not left when the process is told to stop is not sent any more', async () => {
  const { tools, posts } = await open({ paceWrites: true })
  const stopping = new AbortController()
  expect(await tools.dispatch(order, stopping.signal)).toMatchObject({ outcome: 'accepted' })
  // Held back for a second, as GitHub asks.
  const second = tools.dispatch({ ...order, dispatch_id: '0199-d2' }, stopping.signal)
  await new Promise((resolve) => setTimeout(resolve, 50))
  stopping.abort()
  expect(await second).toMatchObject({ outcome: 'deferred', retry_after_ms: 0 })
  expect(await posts()).toBe(1)
})

test('one that had left goes on to its answer', async () => {
  const { tools, control, posts } = await open()
  await control('POST', '/faults', { do: 'delay', ms: 300 })
  const stopping = new AbortController()
  const sent = tools.dispatch(order, stopping.signal)
  await new Promise((resolve) => setTimeout(resolve, 150))
  stopping.abort()
  expect(await sent).toMatchObject({ outcome: 'accepted' })
  expect(await posts()).toBe(1)
})

test('one that was held back for minutes (a process that was stopped) is not sent any more', async () => {
  const { tools, posts } = await open({ paceWrites: true })
  expect(await tools.dispatch(order)).toMatchObject({ outcome: 'accepted' })
  const second = tools.dispatch({ ...order, dispatch_id: '0199-d2' })
  await new Promise((resolve) => setTimeout(resolve, 50))
  const later = Date.now() + 3 * 60_000
  vi.spyOn(Date, 'now').mockReturnValue(later)
  onTestFinished(() => void vi.restoreAllMocks())
  expect(await second).toMatchObject({ outcome: 'deferred' })
  expect(await posts()).toBe(1)
})
