import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { privateKey } from '../sandbox/github/receiver.ts'
import { says, startHost } from '../support/host.ts'
import { open, order, target, toolsOf } from './support.ts'

const integration = 'Resource not accessible by integration'
const personal = 'Resource not accessible by personal access token'
const commits = { intent: 'list_git_commits', ref: 'main' } as const
const runs = { intent: 'get_workflow_status', workflow_name: 'deploy-backend.yml' } as const

describe('a right that is missing is named', () => {
  test.each([
    ['by its route', {}, 'Contents: read'],
    ['by GitHub’s header', { 'x-accepted-github-permissions': 'contents=read' }, 'Contents: read'],
    [
      'with all that would do',
      { 'x-accepted-github-permissions': 'metadata=read,pull_requests=read; contents=write' },
      'Metadata: read, Pull requests: read or Contents: write',
    ],
  ])('%s', async (_, headers, right) => {
    const { url } = await startHost((__, response) => {
      response.writeHead(403, { 'content-type': 'application/json', ...headers })
      response.end(JSON.stringify({ message: integration }))
    })
    await expect(toolsOf(url).read(commits)).rejects.toMatchObject({
      code: 'github_forbidden',
      message: `GitHub answered 403: ${integration}; it lacks "${right}": give that to the App, and accept it in its installation`,
      retryAfterMs: undefined,
    })
  })

  test('for a dispatch it is Actions: write, and nothing runs', async () => {
    const { url } = await startHost(says(403, { message: personal }))
    expect(await toolsOf(url).dispatch(order)).toMatchObject({
      outcome: 'refused',
      code: 'github_forbidden',
      message: expect.stringContaining('it lacks "Actions: write": give that to the App or the token'),
    })
  })

  test('for looking at runs it is Actions: read', async () => {
    const { url } = await startHost(says(403, { message: personal }))
    await expect(toolsOf(url).read(runs)).rejects.toMatchObject({ message: expect.stringContaining('"Actions: read"') })
  })

  test.each([
    [['repository', 'here'], '"Deployments: read"'],
    [['repository', 'somewhere'], 'a right is missing'],
    [['repository', 'e0', 'deployments'], '"Deployments: read"'],
    [['repository', 'refs'], '"Contents: read"'],
  ])('in GraphQL by its place: %o', async (path, says_) => {
    const errors = [{ type: 'FORBIDDEN', message: integration, path }]
    const { url } = await startHost(says(200, { data: { repository: null }, errors }))
    await expect(toolsOf(url).read({ intent: 'list_git_tags' })).rejects.toMatchObject({
      code: 'github_forbidden',
      message: expect.stringContaining(says_),
    })
  })

  test('and a 403 that is about something else gets no advice', async () => {
    const { url } = await startHost(says(403, { message: 'Repository was archived so is read-only.' }))
    await expect(toolsOf(url).read(commits)).rejects.toMatchObject({
      message: 'GitHub answered 403: Repository was archived so is read-only.',
    })
  })
})

const auth = { appId: 1, privateKey }
const gone = { code: 'installation_gone', message: expect.stringMatching(/not installed.*found by itself/) }

/** A token that was had a moment ago may be unknown to a part of GitHub still: octokit tries such a one again for 5 s. */
const sometimeLater = (): void => {
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.setSystemTime(Date.now() + 10_000)
  onTestFinished(() => void vi.useRealTimers())
}

describe('an App whose installation', () => {
  test('is not there says so, and goes on when it is', async () => {
    const { tools, control } = await open({ auth })
    await control('POST', '/faults', { do: 'answer', accept: false, status: 404, method: 'GET', path: '/installation' })
    await expect(tools.prepare(target)).rejects.toMatchObject(gone)
    expect(await tools.prepare(target)).toMatchObject({ tag: 'v1.2.3' })
  })

  test('was taken away while its token was known says so, and is found again', async () => {
    const { tools, control, requests } = await open({ auth })
    await tools.prepare(target)
    sometimeLater()
    await control('POST', '/faults', { do: 'answer', accept: false, status: 401, method: 'GET', path: '/graphql' })
    await control('POST', '/faults', { do: 'answer', accept: false, status: 404, path: '/access_tokens' })
    await expect(tools.prepare(target)).rejects.toMatchObject(gone)
    await control('DELETE', '/requests')
    expect(await tools.prepare(target)).toMatchObject({ tag: 'v1.2.3' })
    expect((await requests()).map(({ path }) => path)).toContain('/repos/acme/shop/installation')
  })

  test('was suspended says so, and a dispatch was not sent', async () => {
    const { tools, control, posts } = await open({ auth })
    const suspended = { do: 'answer', accept: false, status: 403, message: 'This installation has been suspended' }
    await control('POST', '/faults', { ...suspended, path: '/access_tokens', times: 2 })
    await expect(tools.prepare(target)).rejects.toMatchObject(gone)
    expect(await tools.dispatch(order)).toMatchObject({ outcome: 'refused', code: 'installation_gone' })
    expect(await posts()).toBe(0)
    expect(await tools.dispatch(order)).toMatchObject({ outcome: 'accepted' })
  })

  test('was taken away says so for as long as it is gone, sends nothing, and is found under its new number', async () => {
    const { tools, control, posts, requests } = await open({ auth })
    await tools.prepare(target)
    await control('PUT', '/installation', { state: 'deleted' })
    sometimeLater()
    for (let i = 0; i < 2; i++) await expect(tools.prepare(target)).rejects.toMatchObject(gone)
    expect(await tools.dispatch(order)).toMatchObject({ outcome: 'refused', code: 'installation_gone' })
    expect(await posts()).toBe(0)
    await control('PUT', '/installation', { state: 'active' })
    expect(await tools.prepare(target)).toMatchObject({ tag: 'v1.2.3' })
    expect(await tools.dispatch(order)).toMatchObject({ outcome: 'accepted' })
    expect((await requests()).map(({ path }) => path)).toContain('/app/installations/4243/access_tokens')
  })

  test('was taken away and given back unseen goes on at the second call: the first learns that its token is old', async () => {
    const { tools, control } = await open({ auth })
    await tools.prepare(target)
    await control('PUT', '/installation', { state: 'deleted' })
    await control('PUT', '/installation', { state: 'active' })
    sometimeLater()
    await expect(tools.prepare(target)).rejects.toMatchObject(gone)
    expect(await tools.prepare(target)).toMatchObject({ tag: 'v1.2.3' })
  })

  test('has a token that GitHub no longer takes gets another one', async () => {
    const { tools, control, requests } = await open({ auth })
    await tools.prepare(target)
    sometimeLater()
    await control('POST', '/faults', { do: 'answer', accept: false, status: 401, method: 'GET', path: '/graphql' })
    await expect(tools.prepare(target)).rejects.toMatchObject({ code: 'github_unauthorised' })
    expect((await requests()).filter(({ path }) => path.endsWith('/access_tokens'))).toHaveLength(2)
    expect(await tools.prepare(target)).toMatchObject({ tag: 'v1.2.3' })
  })
})
