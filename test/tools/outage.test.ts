import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { createHosts } from '../../src/agent/hosts.ts'
import { breaksOff, hangs, says, startHost, trickles } from '../support/host.ts'
import { nowhere, open, order, target, toolsOf } from './support.ts'

const commits = { intent: 'list_git_commits', ref: 'main' } as const
const everything = { do: 'answer', accept: false, path: '/', times: 1_000 } as const

/** The tools on a sandbox that has just failed five readings in a row. */
const givenUp = async (fault: object = { ...everything, status: 502, method: 'GET' }) => {
  const opened = await open({ hosts: createHosts() })
  await opened.control('POST', '/faults', fault)
  await Promise.all(Array.from({ length: 5 }, () => opened.tools.read(commits).catch(() => {})))
  await opened.control('DELETE', '/faults')
  await opened.control('DELETE', '/requests')
  return opened
}

describe('a GitHub that failed five times in a row', () => {
  test('is not asked for a while, and every tool says until when', async () => {
    const { tools, requests } = await givenUp()
    const paused = { code: 'github_unavailable', retryAfterMs: expect.any(Number) }
    await expect(tools.read(commits)).rejects.toMatchObject(paused)
    await expect(tools.prepare(target)).rejects.toMatchObject(paused)
    await expect(tools.verify(order, 1)).rejects.toMatchObject(paused)
    expect(await tools.cancelRun('acme/shop', 1)).toMatchObject({ accepted: false, retry_after_ms: expect.any(Number) })
    expect(await requests()).toEqual([])
  })

  test('gets no dispatch: nothing was sent, so it is put off and not unclear', async () => {
    const { tools, posts } = await givenUp()
    const answer = await tools.dispatch(order)
    expect(answer).toMatchObject({ outcome: 'deferred', retry_after_ms: expect.any(Number) })
    expect(await posts()).toBe(0)
    await sleep(answer.outcome === 'deferred' ? answer.retry_after_ms : 0)
    expect(await tools.dispatch(order)).toMatchObject({ outcome: 'accepted' })
    expect(await posts()).toBe(1)
  })

  test('is asked by one call after the pause, and by those that waited for it once that was answered', async () => {
    const { tools, control, requests } = await givenUp()
    await control('POST', '/faults', { do: 'delay', ms: 300, method: 'GET', path: '/' })
    await sleep(1_010)
    const reading = Promise.all([tools.read(commits), tools.read(commits), tools.read(commits)])
    await sleep(150)
    expect(await requests()).toHaveLength(1)
    expect(await reading).toHaveLength(3)
  })
})

test.each([
  ['says no', { ...everything, status: 403, method: 'GET' }],
  ['knows nothing of it', { ...everything, status: 404, method: 'GET' }],
])('a GitHub that %s is there', async (_, fault) => {
  const { tools } = await givenUp(fault)
  expect((await tools.read(commits)).intent).toBe('list_git_commits')
})

test('a GitHub that sets a limit is not down: it is left alone for as long as it says, and no longer', async () => {
  const { tools } = await givenUp({ ...everything, status: 429, retry_after: 1, method: 'GET' })
  await expect(tools.read(commits)).rejects.toMatchObject({ code: 'rate_limited' })
  await new Promise((resolve) => setTimeout(resolve, 1_050))
  expect((await tools.read(commits)).intent).toBe('list_git_commits')
})

test('a dispatch that was sent and failed stays unclear, and counts as a failure', async () => {
  const { tools, control, posts } = await open({ hosts: createHosts() })
  await control('POST', '/faults', { do: 'answer', accept: true, status: 502, times: 5 })
  for (let i = 0; i < 5; i++) expect(await tools.dispatch(order)).toMatchObject({ outcome: 'unclear' })
  expect(await tools.dispatch(order)).toMatchObject({ outcome: 'deferred' })
  expect(await posts()).toBe(5)
})

describe('an answer that does not come to its end', () => {
  const once = { requestTimeoutMs: 200 }
  test.each([
    ['hangs', hangs, 'github_timeout'],
    ['trickles for ever', trickles, 'github_timeout'],
    ['breaks off', breaksOff, 'github_unreachable'],
  ])('%s', async (_, listener, code) => {
    const { url } = await startHost(listener)
    const tools = toolsOf(url, once)
    await expect(tools.read({ intent: 'list_git_tags' })).rejects.toMatchObject({ code, retryAfterMs: 2_000 })
    // An empty list of runs would mean that there is none.
    await expect(tools.verify(order, null)).rejects.toMatchObject({ code })
    expect(await tools.dispatch(order)).toMatchObject({ outcome: 'unclear' })
  })

  test('ends for all the requests of one reading together', async () => {
    const { url, asked } = await startHost(async (request, response) => {
      await sleep(100)
      const next = `<http://${request.headers.host}/more>; rel="next"`
      response.writeHead(200, { 'content-type': 'application/json', link: next }).end('[]')
    })
    const began = performance.now()
    const reading = toolsOf(url, { callTimeoutMs: 250 }).verify(order, null)
    await expect(reading).rejects.toMatchObject({ code: 'github_timeout' })
    expect(performance.now() - began).toBeLessThan(400)
    expect(asked()).toBeGreaterThanOrEqual(2)
  })
})

describe('a cancelled run', () => {
  test('that GitHub did not hear of is to be asked about again', async () => {
    expect(await toolsOf(await nowhere()).cancelRun('acme/shop', 1)).toMatchObject({
      accepted: false,
      retry_after_ms: 2_000,
    })
  })
  test.each([403, 404, 409])('to which GitHub says %i is not', async (status) => {
    const { url } = await startHost(says(status, { message: 'no' }))
    const answer = await toolsOf(url).cancelRun('acme/shop', 1)
    expect(answer).toEqual({ accepted: false, message: `GitHub answered ${status}: no` })
  })
})
