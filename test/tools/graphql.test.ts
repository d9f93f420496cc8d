import { describe, expect, test } from 'vitest'
import { says, startHost } from '../support/host.ts'
import { open, order, target, toolsOf } from './support.ts'

const tags = { intent: 'list_git_tags' } as const
const error = (type: string | undefined, message: string, path: (string | number)[] = ['repository']) => ({
  data: type === undefined ? null : { repository: null },
  errors: [{ ...(type === undefined ? {} : { type }), message, path }],
})
const withHeaders = (headers: Record<string, string>, body: object) =>
  startHost((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
  })

describe('GraphQL that answers 200 with errors', () => {
  test.each([
    ['a limit', error('RATE_LIMITED', 'API rate limit exceeded for installation ID 1.'), 'rate_limited', 60_000],
    [
      'a secondary limit',
      error(undefined, 'You have exceeded a secondary rate limit. Please wait a few minutes.'),
      'rate_limited',
      60_000,
    ],
    [
      'a breakdown',
      error(undefined, 'Something went wrong while executing your query. This may be the result of a timeout.'),
      'github_unavailable',
      2_000,
    ],
    ['no right', error('FORBIDDEN', 'Resource not accessible by integration'), 'github_forbidden', undefined],
    ['too few scopes', error('INSUFFICIENT_SCOPES', "requires ['repo']"), 'github_forbidden', undefined],
    ['a repository that is not shown', error('NOT_FOUND', 'Could not resolve'), 'github_forbidden', undefined],
    [
      'a field that an old server lacks',
      error('undefinedField', "Field 'x' doesn't exist"),
      'github_refused',
      undefined,
    ],
  ])('%s', async (_, body, code, retryAfterMs) => {
    const { url } = await startHost(says(200, body))
    await expect(toolsOf(url).read(tags)).rejects.toMatchObject({ code, retryAfterMs })
  })

  test('a limit is left alone for as long as its headers say, by every request', async () => {
    const reset = String(Math.floor(Date.now() / 1000) + 100)
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset }
    const { url, asked } = await withHeaders(headers, error('RATE_LIMITED', 'API rate limit exceeded'))
    const tools = toolsOf(url)
    const failed = await tools.read(tags).catch((thrown: unknown) => thrown)
    expect(failed).toMatchObject({ code: 'rate_limited' })
    expect((failed as { retryAfterMs: number }).retryAfterMs).toBeGreaterThan(90_000)
    expect(await tools.dispatch(order)).toMatchObject({ outcome: 'deferred' })
    await expect(tools.prepare(target)).rejects.toMatchObject({ code: 'rate_limited' })
    expect(asked()).toBe(1)
  })

  test('the last query before a limit is answered like any other', async () => {
    const { url, asked } = await withHeaders(
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '9999999999' },
      { data: { repository: { refs: { totalCount: 0, nodes: [], pageInfo: { hasNextPage: false } } } } },
    )
    expect(await toolsOf(url).read(tags)).toMatchObject({ data: { tags: [] } })
    expect(asked()).toBe(1)
  })
})

describe('GraphQL that answers by status', () => {
  test('502 once is asked again, and no more than that', async () => {
    const { tools, control, requests } = await open()
    const fault = { do: 'answer', accept: false, status: 502, method: 'GET', path: '/graphql' }
    await control('POST', '/faults', fault)
    expect((await tools.read(tags)).intent).toBe('list_git_tags')
    await control('POST', '/faults', { ...fault, times: 9 })
    await expect(tools.read(tags)).rejects.toMatchObject({ code: 'github_unavailable' })
    expect(await requests()).toHaveLength(4)
  })
})

test('is asked of an Enterprise Server beside its api/v3', async () => {
  const { sandbox, requests } = await open()
  expect((await toolsOf(`${sandbox.url}/api/v3`).read(tags)).data).toHaveProperty('tags.length', 9)
  expect((await requests()).map(({ path }) => path)).toEqual(['/api/graphql'])
})

test('does not wait in line with the writes, a second each', async () => {
  const { tools } = await open({ paceWrites: true })
  const writing = ['a', 'b', 'c'].map((dispatch_id) => tools.dispatch({ ...order, dispatch_id }))
  const began = performance.now()
  for (let count = 0; count < 4; count += 1) await tools.prepare(target)
  expect(performance.now() - began).toBeLessThan(1_000)
  expect(await Promise.all(writing)).toMatchObject(Array(3).fill({ outcome: 'accepted' }))
})
