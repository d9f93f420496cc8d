import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { startHost } from '../support/host.ts'
import { open, target, toolsOf } from './support.ts'

const tags = { intent: 'list_git_tags' } as const
const live = { intent: 'check_deployment_status' } as const
const questions = (tools: ReturnType<typeof toolsOf>) => [
  () => tools.read(tags),
  () => tools.read(live),
  () => tools.prepare(target),
  () => tools.prepare({ ...target, tag: 'v1.2.1', environment: 'staging', after: null }),
]

test('questions of one moment leave as one request, and each hears its own answer', async () => {
  const opened = await open()
  const ask = questions(opened.tools)
  const apart = []
  for (const one of ask) apart.push(await one())
  await opened.control('DELETE', '/requests')
  expect(await Promise.all(ask.map((one) => one()))).toEqual(apart)
  expect((await opened.requests()).filter(({ path }) => path === '/graphql')).toHaveLength(1)
})

test('one that comes while others are on their way hears what is true now', async () => {
  const { tools, control } = await open()
  await control('POST', '/faults', { do: 'delay', ms: 400, method: 'GET', path: '/graphql' })
  const before = tools.read(tags)
  await pause(100)
  await control('POST', '/tags', { name: 'v9.9.9', to: 'main' })
  expect(await tools.read(tags)).toMatchObject({ data: { tags: { length: 10 } } })
  expect(await before).toMatchObject({ data: { tags: { length: 9 } } })
})

test('one that fails spoils no other', async () => {
  const failure = { type: 'FORBIDDEN', message: 'Resource not accessible by integration' }
  const refs = { totalCount: 0, nodes: [], pageInfo: { hasNextPage: false } }
  const { url, asked } = await startHost(async (request, response) => {
    let query = ''
    for await (const chunk of request) query += chunk
    const isBad = query.includes('deployments(')
    const answer = isBad
      ? { data: { repository: { refs }, repository1: null }, errors: [{ ...failure, path: ['repository1'] }] }
      : { data: { repository: { refs } } }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
  })
  const tools = toolsOf(url)
  const [good, bad] = await Promise.allSettled([tools.read(tags), tools.read(live)])
  expect(good).toMatchObject({ value: { data: { tags: [] } } })
  expect(bad).toMatchObject({ reason: { code: 'github_forbidden' } })
  expect(asked()).toBe(3)
})

test('what is too much together for GitHub is asked one by one', async () => {
  const { url, asked } = await startHost(async (request, response) => {
    let query = ''
    for await (const chunk of request) query += chunk
    const repository = { refs: { totalCount: 0, nodes: [], pageInfo: { hasNextPage: false } } }
    const status = query.includes('repository1') ? 502 : 200
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ data: { repository } }))
  })
  const tools = toolsOf(url)
  expect(await Promise.all([tools.read(tags), tools.read(tags)])).toMatchObject([{ data: { tags: [] } }, {}])
  // Readings that fail are asked for once more.
  expect(asked()).toBe(4)
})

test('no more than a few go together', async () => {
  const { tools, requests } = await open()
  await Promise.all(Array.from({ length: 20 }, () => tools.read(tags)))
  expect((await requests()).filter(({ path }) => path === '/graphql')).toHaveLength(5)
})
