import type { RequestListener } from 'node:http'
import { expect, test } from 'vitest'
import { completed, dispatch, head, place } from '../sandbox/github/support.ts'
import { startHost } from '../support/host.ts'
import { open, target, toolsOf, v122, v123 } from './support.ts'

/** A GitHub that lets everything be seen but pull requests. */
const partly: RequestListener = async (request, response) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const asked = Buffer.concat(chunks).toString()
  const status = { state: 'SUCCESS', createdAt: '2026-02-19T10:05:00Z', logUrl: null, environmentUrl: null }
  const live = {
    databaseId: 1,
    commitOid: v122,
    environment: 'production',
    task: 'deploy:backend',
    payload: '{}',
    ref: null,
  }
  const here = { nodes: [{ ...live, latestStatus: status, statuses: { nodes: [status] } }] }
  const found = { tag: { target: { oid: v123 } }, workflow: { oid: v122 }, here, before: { nodes: [] } }
  const denied = {
    type: 'FORBIDDEN',
    message: 'Resource not accessible by integration',
    path: ['repository', 'object', 'history', 'nodes', 0, 'associatedPullRequests'],
  }
  const pulls = { data: { repository: { object: null } }, errors: [denied] }
  const compared = {
    status: 'ahead',
    ahead_by: 1,
    behind_by: 0,
    commits: [],
    files: [{ filename: 'a.ts' }],
    html_url: 'x',
  }
  const answer = asked.includes('associatedPullRequests') ? pulls : asked ? { data: { repository: found } } : compared
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
}

test('says what a deployment would ship, from what is live to what was named', async () => {
  const { tools, sandbox } = await open()
  expect(await tools.prepare(target)).toMatchObject({
    repository: 'acme/shop',
    workflow: 'deploy-backend.yml',
    ref: 'main',
    service: 'backend',
    environment: 'production',
    tag: 'v1.2.3',
    sha: v123,
    live: { tag: 'v1.2.2', sha: v122, since: '2026-02-19T10:05:00Z' },
    direction: 'forward',
    commits: [{ message: 'Fix time-out of large carts at checkout' }, {}, {}, {}, {}],
    commits_total: 5,
    compare_url: `${sandbox.url}/acme/shop/compare/${v122}...${v123}`,
    stage: { environment: 'staging', succeeded: true },
  })
})

test('says the same again while nothing changes', async () => {
  const { tools } = await open()
  expect(await tools.prepare(target)).toEqual(await tools.prepare(target))
})

test('takes two round trips', async () => {
  const { tools, control } = await open()
  await tools.prepare(target)
  await control('POST', '/faults', { do: 'delay', ms: 400, method: 'GET', path: '/', times: 100 })
  const began = Date.now()
  await tools.prepare(target)
  expect(Date.now() - began).toBeLessThan(3 * 400)
})

test.each([
  ['a lightweight tag', 'v1.2.4', '3ff4aef2f493047cfc539eaa9778903837654779'],
  ['an abbreviated commit', '4af9ec0', head],
  ['a whole commit in capitals', head.toUpperCase(), head],
])('takes %s for its commit', async (_, tag, sha) => {
  const { tools } = await open()
  expect(await tools.prepare({ ...target, tag })).toMatchObject({ tag, sha, stage: { succeeded: true } })
})

test.each(['v1.2.33', 'v1.2', '1.2.3', 'main', '4af9ec', 'heads/main', '..', 'v1.2.3/../v1.2.2'])(
  'refuses %s and names the tags most like it',
  async (tag) => {
    const { tools } = await open()
    await expect(tools.prepare({ ...target, tag })).rejects.toMatchObject({
      code: 'unknown_tag',
      nearest: expect.arrayContaining(['v1.2.3']),
    })
  },
)

test('does not take a branch for a tag or a commit, whatever it is called', async () => {
  const { tools, control, sandbox } = await open()
  await control('POST', '/branches', { name: 'tags/v9', to: 'main' })
  await control('POST', '/branches', { name: 'deadbeef', to: 'main' })
  const shown = await fetch(`${sandbox.url}/repos/acme/shop/commits/tags%2Fv9`, {
    headers: { authorization: 'token x' },
  })
  expect(shown.status).toBe(200)
  for (const tag of ['v9', 'deadbeef'])
    await expect(tools.prepare({ ...target, tag })).rejects.toMatchObject({ code: 'unknown_tag' })
})

test('follows a tag that was moved', async () => {
  const { tools, control } = await open()
  await control('POST', '/tags', { name: 'v1.2.3', to: 'main' })
  expect(await tools.prepare(target)).toMatchObject({ sha: head, commits_total: 12 })
})

test('refuses a workflow that is not there and names the nearest', async () => {
  const { tools } = await open()
  const wrong = tools.prepare({ ...target, workflow: 'deploy-backnd.yml' })
  await expect(wrong).rejects.toMatchObject({
    code: 'unknown_workflow',
    nearest: ['deploy-backend.yml', 'deploy-frontend.yml', 'e2e.yml'],
  })
})

test('says of a repository that is not shown that it is called otherwise or may not be seen', async () => {
  const { tools } = await open()
  const wrong = tools.prepare({ ...target, repository: 'acme/nope' })
  const message = expect.stringMatching(/'acme\/nope'.*deploybot\.yaml.*no access/)
  await expect(wrong).rejects.toMatchObject({ code: 'github_forbidden', message, retryAfterMs: undefined })
})

test('says what comes with the commits: pull requests, each once, and files', async () => {
  const { tools, control } = await open()
  const merges = { author: 'aiko-t', files: ['src/gift-cards.ts', 'src/\u202Eevil.ts'] }
  const [one] = await control<[{ number: number }]>('POST', '/merges', { ...merges, title: 'Sell \u202Egifts\u202C' })
  await control('POST', '/tags', { name: 'v1.3.0', to: 'main' })
  const facts = await tools.prepare({ ...target, tag: 'v1.3.0' })
  const url = expect.stringMatching(`/acme/shop/pull/${one.number}$`)
  expect(facts.pull_requests?.[0]).toEqual({ number: one.number, title: 'Sell gifts', author: 'aiko-t', url })
  expect(facts.pull_requests?.map(({ number }) => number).slice(1)).toEqual([63, 62, 61, 60, 58, 57, 55, 54, 52, 51])
  expect(facts.commits[0]).toMatchObject({ author_login: 'aiko-t', message: `Sell gifts (#${one.number})` })
  expect(facts.files?.total).toBe(facts.files?.paths.length)
  expect(facts.files?.paths).toEqual(expect.arrayContaining(['src/gift-cards.ts', 'src/evil.ts', 'Dockerfile']))
})

test('shows fifty files and thirty pull requests at most, and says how many files there are', async () => {
  const { tools, control } = await open()
  const files = Array.from({ length: 80 }, (_, index) => `src/file-${index}.ts`)
  await control('POST', '/merges', { files, count: 40 })
  await control('POST', '/tags', { name: 'v1.3.0', to: 'main' })
  const facts = await tools.prepare({ ...target, tag: 'v1.3.0' })
  expect(facts.files?.total).toBeGreaterThanOrEqual(80)
  expect(facts.files?.paths).toHaveLength(50)
  expect(facts.pull_requests).toHaveLength(30)
})

test('whoever may not see pull requests approves without them', async () => {
  const { url, asked } = await startHost(partly)
  expect(await toolsOf(url).prepare(target)).toMatchObject({ direction: 'forward', files: { total: 1 } })
  expect(await toolsOf(url).prepare(target)).not.toHaveProperty('pull_requests')
  expect(asked()).toBe(6)
})

test('asks three times, and only once to see that nothing has changed', async () => {
  const { tools, control, requests } = await open()
  const first = await tools.prepare(target)
  expect(await requests()).toHaveLength(3)
  await control('DELETE', '/requests')
  expect(await tools.prepare(target)).toEqual(first)
  expect((await requests()).map(({ path }) => path)).toEqual(['/graphql'])
})

test('looking again sees what changed a moment ago', async () => {
  const { tools, control, octokit } = await open()
  await tools.prepare(target)
  await control('POST', '/tags', { name: 'v1.2.3', to: 'v1.2.4' })
  expect(await tools.prepare(target)).toMatchObject({ sha: '3ff4aef2f493047cfc539eaa9778903837654779' })
  await completed(octokit, (await dispatch(octokit, { tag: 'v1.2.1', sha: v123 })).workflow_run_id)
  expect(await tools.prepare(target)).toMatchObject({ live: { tag: 'v1.2.1', sha: v123 } })
})

test('going backward tells what it takes away', async () => {
  const { tools } = await open()
  expect(await tools.prepare({ ...target, tag: 'v1.2.1' })).toMatchObject({
    direction: 'backward',
    commits_total: 3,
    commits: [{ message: 'Translate error pages to German and French' }, {}, {}],
    compare_url: expect.stringMatching(`\\.\\.\\.${v122}$`),
    stage: { succeeded: false },
  })
})

test('knows the same, the diverged and the first', async () => {
  const { tools, control } = await open()
  await control('POST', '/tags', { name: 'v1.2.2-hotfix', to: 'hotfix/coupons' })
  const none = { commits: [], commits_total: 0, compare_url: null }
  expect(await tools.prepare({ ...target, tag: 'v1.2.2' })).toMatchObject({ direction: 'same', ...none })
  const staging = { ...target, environment: 'staging', after: null }
  expect(await tools.prepare({ ...staging, tag: 'v1.2.2-hotfix' })).toMatchObject({
    direction: 'diverged',
    commits_total: 1,
    commits: [{ message: 'Hotfix: ignore expired coupons' }],
    stage: null,
  })
  expect(await tools.prepare({ ...target, environment: 'canary' })).toMatchObject({
    direction: 'first',
    live: null,
    ...none,
  })
})

test('what failed last is not live', async () => {
  const { tools, control, octokit } = await open()
  for (let count = 0; count < 3; count += 1) {
    await control('POST', '/runs/next', { conclusion: 'failure' })
    await completed(octokit, (await dispatch(octokit)).workflow_run_id)
  }
  expect(await tools.prepare(target)).toMatchObject({ live: { sha: v122 }, direction: 'forward', commits_total: 5 })
})

test('a commit has passed its stage also where something newer came after it', async () => {
  const { tools, octokit } = await open()
  const other = { environment: 'staging', tag: 'v1.0.0', sha: v122 }
  for (let count = 0; count < 3; count += 1) await completed(octokit, (await dispatch(octokit, other)).workflow_run_id)
  expect(await tools.prepare(target)).toMatchObject({ stage: { environment: 'staging', succeeded: true } })
})

test('finds the stage of a commit behind a hundred newer ones', async () => {
  const { tools, octokit } = await open()
  const newer = { ...place, ref: 'main', task: 'deploy:backend', environment: 'staging', required_contexts: [] }
  for (let count = 0; count < 100; count += 1) await octokit.rest.repos.createDeployment(newer)
  expect(await tools.prepare(target)).toMatchObject({ stage: { environment: 'staging', succeeded: true } })
})

test('a live commit that is gone from the history leaves only that it diverged', async () => {
  const { tools, control } = await open()
  await control('POST', '/faults', {
    do: 'answer',
    accept: false,
    status: 404,
    method: 'GET',
    path: '/compare/',
    times: 5,
  })
  expect(await tools.prepare(target)).toMatchObject({
    live: { sha: v122 },
    direction: 'diverged',
    commits_total: 0,
    compare_url: null,
  })
})
