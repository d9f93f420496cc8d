import { expect, test } from 'vitest'
import { ToolError } from '../../src/agent/ports.ts'
import { nowhere, open, order, token, toolsOf } from './support.ts'

const tags = { intent: 'list_git_tags' } as const
const fault = { do: 'answer', accept: false, method: 'GET', path: '/', times: 10 }

test.each([
  [401, {}, 'github_unauthorised', undefined],
  [403, {}, 'github_forbidden', undefined],
  [404, {}, 'not_found', undefined],
  [403, { retry_after: 3 }, 'rate_limited', 3000],
  [429, { retry_after: 3 }, 'rate_limited', 3000],
  [429, {}, 'rate_limited', 60_000],
  [502, {}, 'github_unavailable', 2000],
])('%i %o is %s, to be tried again after %s ms', async (status, more, code, retryAfterMs) => {
  const { tools, control } = await open()
  await control('POST', '/faults', { ...fault, status, ...more })
  const failed = tools.read(tags)
  await expect(failed).rejects.toBeInstanceOf(ToolError)
  await expect(failed).rejects.toMatchObject({ code, retryAfterMs })
})

test('a reading that fails once is read again, and a limit is left alone', async () => {
  const { tools, control, requests } = await open()
  await control('POST', '/faults', { ...fault, status: 502, times: 1 })
  expect((await tools.read({ intent: 'list_git_commits', ref: 'main' })).data).toHaveProperty('commits.length', 20)
  expect(await requests()).toHaveLength(2)
  await control('POST', '/faults', { ...fault, status: 429, retry_after: 1 })
  await expect(tools.read(tags)).rejects.toMatchObject({ code: 'rate_limited' })
  await new Promise((resolve) => setTimeout(resolve, 1500))
  expect(await requests()).toHaveLength(3)
})

test('a reading that hangs ends at its deadline', async () => {
  const { tools, control } = await open({ requestTimeoutMs: 100 })
  await control('POST', '/faults', { do: 'delay', ms: 3000, method: 'GET', path: '/', times: 5 })
  await expect(tools.read(tags)).rejects.toMatchObject({ code: 'github_timeout', retryAfterMs: 2000 })
})

test('failing for the fifth time takes no longer than for the first', async () => {
  const tools = toolsOf(await nowhere())
  for (let count = 0; count < 5; count += 1) {
    const began = Date.now()
    await expect(tools.verify(order, 1)).rejects.toMatchObject({ code: 'github_unreachable' })
    expect(Date.now() - began).toBeLessThan(1500)
  }
})

test('a GitHub that is not there is unreachable, to every tool', async () => {
  const tools = toolsOf(await nowhere())
  const gone = { code: 'github_unreachable', retryAfterMs: 2000 }
  await expect(tools.read(tags)).rejects.toMatchObject(gone)
  await expect(tools.verify(order, null)).rejects.toMatchObject(gone)
})

test('no error tells the token', async () => {
  const { sandbox } = await open()
  const malformed = toolsOf(sandbox.url, { auth: { token: `${token}\nx` } })
  const error = await malformed.read(tags).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(ToolError)
  expect(String(error)).not.toContain(token)
})

test('writes nothing to the console, whatever GitHub answers', async () => {
  const { tools, control } = await open()
  const written: unknown[] = []
  const { warn, error } = console
  Object.assign(console, {
    warn: (...args: unknown[]) => written.push(args),
    error: (...args: unknown[]) => written.push(args),
  })
  try {
    await control('POST', '/faults', { ...fault, status: 403, rate_limited: true })
    await tools.read(tags).catch(() => undefined)
  } finally {
    Object.assign(console, { warn, error })
  }
  expect(written).toEqual([])
})

test('while GitHub wants to be left alone nothing is sent to it, and then again', async () => {
  const { tools, control, requests } = await open()
  await control('POST', '/faults', { ...fault, times: 1, status: 429, retry_after: 1 })
  const step = { intent: 'get_workflow_status', workflow_name: 'deploy-backend.yml' } as const
  await expect(tools.read(step)).rejects.toMatchObject({ code: 'rate_limited', retryAfterMs: 1_000 })
  const before = (await requests()).length
  const meanwhile = await Promise.all([tools.dispatch(order), tools.verify(order, 1).catch((error) => error)])
  expect(meanwhile).toMatchObject([{ outcome: 'deferred', retry_after_ms: 1_000 }, { code: 'rate_limited' }])
  expect(await requests()).toHaveLength(before)
  await new Promise((resolve) => setTimeout(resolve, 1_050))
  expect(await tools.dispatch(order)).toMatchObject({ outcome: 'accepted' })
})
