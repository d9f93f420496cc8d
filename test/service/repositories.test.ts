import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Event } from '../../src/thread/event.ts'
import { octokitOf } from '../sandbox/github/support.ts'
import { eventually } from '../support/eventually.ts'
import { freePort } from '../support/free-port.ts'
import { deliver } from '../support/github-webhook.ts'
import { childOf, control, releasesOf, untilReleased } from '../support/release.ts'
import { startTestService, type TestService, types } from '../support/service.ts'

const RULES = `repository: acme/shop
services:
  backend: { workflow: deploy-backend.yml }
  search: { workflow: deploy-search.yml, repository: acme/search }
environments:
  staging: { approvals: 0 }
  production: { approvals: 1, approvers: [lead, local], self_approval: true, after: staging }
people:
  lead: { github: shop-lead }
  local: {}
release:
  on: pull_request_merged
  steps: [deploy staging, e2e staging, agent deploy production, e2e production, on_failure agent rollback]
`
const search = { owner: 'acme', repo: 'search' }
const OPEN_PULL = 7
const HEAD = createHash('sha1').update('acme/search 5').digest('hex')

let bot: TestService
beforeAll(async () => {
  const directory = await mkdtemp(join(tmpdir(), 'deploybot-repositories-'))
  afterAll(() => rm(directory, { recursive: true, force: true }))
  await writeFile(join(directory, 'deploybot.yaml'), RULES)
  const env = { DEPLOYBOT_CONFIG: join(directory, 'deploybot.yaml'), PORT: String(await freePort()) }
  bot = await startTestService(env, afterAll, { sweepMs: 3_600_000 })
})

const octokit = () => octokitOf(bot.github())
const runsIn = async (where: typeof search) =>
  (await octokit().rest.actions.listWorkflowRunsForRepo(where)).data.workflow_runs
const approved = async (id: string) => {
  const asked = await bot.untilAsked(id, 'approval')
  await bot.respond(id, asked.seq, { approved: true })
  return asked
}
const dataOf = (events: readonly Event[], type: Event['type']) => events.find((event) => event.type === type)?.data

describe('a service in a second repository', () => {
  test('is deployed there, from words to the end of the run', async () => {
    const id = await bot.launch('deploy search v0.4.1 to production')
    expect(await approved(id)).toMatchObject({ service: 'search', repository: 'acme/search', tag: 'v0.4.1' })
    const { events } = await bot.untilStatus(id, 'done')
    expect(dataOf(events, 'deploy_service_result')).toMatchObject({ service: 'search', status: 'success' })
    const { run_id } = dataOf(events, 'deploy_service_result') as { run_id: number }
    expect((await runsIn(search)).map((run) => run.id)).toContain(run_id)
    expect((await runsIn({ owner: 'acme', repo: 'shop' })).map((run) => run.id)).not.toContain(run_id)
  })

  test('has tags of its own: those of the other repository are unknown there', async () => {
    const id = await bot.launch('deploy search v1.2.3 to staging')
    const { events } = await bot.until(id, 'an error', (view) => types(view).includes('error'))
    expect(dataOf(events, 'error')).toMatchObject({ code: 'unknown_tag' })
  })

  test('is released by what is merged there, and the other services are not', async () => {
    const [merge] = (await control(bot, 'POST', 'repos/acme/search/merges', {})) as [{ number: number; sha: string }]
    const release = await untilReleased(bot)
    const child = await childOf(bot, release, 'deploy')
    expect(await approved(child)).toMatchObject({ service: 'search', sha: merge.sha, repository: 'acme/search' })
    const view = await bot.untilStatus(release, 'done')
    expect(dataOf(view.events, 'pull_request_merged')).toMatchObject({ repository: 'acme/search' })
    expect(dataOf(view.events, 'release_planned')).toMatchObject({ services: ['search'], sha: merge.sha })
    expect(dataOf(view.events, 'release_finished')).toMatchObject({ outcome: 'released' })
    const names = (await runsIn(search)).map(({ path }) => path)
    expect(names.filter((path) => path.endsWith('e2e.yml'))).toHaveLength(2)
    const { data } = await octokit().rest.issues.listComments({ ...search, issue_number: merge.number })
    expect(data.map(({ body }) => body)).toEqual([expect.stringContaining('went the whole way')])
  })

  test('is released beside the others: a merge in each repository is a release of its own', async () => {
    const before = (await releasesOf(bot)).length
    await control(bot, 'POST', 'repos/acme/search/merges', {})
    await control(bot, 'POST', 'merges', {})
    await eventually(async () => (await releasesOf(bot)).length === before + 2)
    const [one = '', two = ''] = (await releasesOf(bot)).slice(before)
    const planned = async (id: string) =>
      dataOf((await bot.untilEvent(id, 'release_planned')).events, 'release_planned')
    const services = [await planned(one), await planned(two)].map((plan) => (plan as { services: string[] }).services)
    expect(services.toSorted()).toEqual([['backend'], ['search']])
    for (const id of [one, two]) await bot.post(`/threads/${id}/cancel`, {})
  })

  test('hears a command on a pull request there, and answers there', async () => {
    const { data: pull } = await octokit().rest.pulls.get({ ...search, pull_number: OPEN_PULL })
    const comment = { number: OPEN_PULL, login: 'shop-lead', body: '/deploy search to staging' }
    await control(bot, 'POST', 'repos/acme/search/comments', comment)
    const text = await eventually(async () => {
      const { data } = await octokit().rest.issues.listComments({ ...search, issue_number: OPEN_PULL })
      return data.find(({ user, body }) => user?.login === 'deploybot[bot]' && body?.includes('Done'))?.body
    })
    expect(text).toContain('`search`')
    const [thread] = await bot.threads('agent=deploy&limit=1')
    const { events } = await bot.thread(thread?.id ?? '')
    expect(dataOf(events, 'deploy_service_result')).toMatchObject({ sha: pull.head.sha, status: 'success' })
  })

  test('asks at its gate there, and goes on with a yes', async () => {
    await control(bot, 'PUT', 'repos/acme/search/environments/production', { gated: true })
    const inputs = { dispatch_id: 'by-hand', service: 'search', environment: 'production', tag: 'v0.5.0', sha: HEAD }
    const asked = { ...search, workflow_id: 'deploy-search.yml', ref: 'main', inputs }
    await octokit().rest.actions.createWorkflowDispatch(asked)
    const [gate] = await eventually(async () => {
      const threads = await bot.threads('agent=gate')
      return threads.length > 0 && threads
    })
    const id = gate?.id ?? ''
    expect(await approved(id)).toMatchObject({ intent: 'open_gate', repository: 'acme/search', service: 'search' })
    await bot.untilStatus(id, 'done')
    const run = (await runsIn(search)).find(({ display_title }) => display_title.endsWith('by-hand'))
    expect(run).toMatchObject({ status: 'completed', conclusion: 'success' })
    await control(bot, 'PUT', 'repos/acme/search/environments/production', { gated: false })
  })

  test('passes the fence with a token of its own repository, and not with one of another', async () => {
    const claims = { url: bot.url(), audience: bot.url() }
    await control(bot, 'PUT', 'repos/acme/search/claims', claims)
    await control(bot, 'PUT', 'pace', { queued: 400, running: 100 })
    const { data: main } = await octokit().rest.repos.getBranch({ ...search, branch: 'main' })
    const id = await bot.launch(`deploy search ${main.commit.sha} to staging`)
    const { dispatch_id } = await bot.untilAsked(id, 'run')
    const stranger = (await control(bot, 'POST', 'oidc', { audience: bot.url() })) as { value: string }
    const headers = { authorization: `Bearer ${stranger.value}` }
    const refused = await bot.call(`/dispatches/${dispatch_id}/claim`, { method: 'POST', headers })
    expect(refused).toMatchObject({ status: 403, body: { code: 'not_the_approved_workflow' } })
    const done = await bot.untilStatus(id, 'done')
    expect(types(done)).toEqual(expect.arrayContaining(['dispatch_claimed', 'deploy_service_result']))
    expect(dataOf(done.events, 'deploy_service_result')).toMatchObject({ status: 'success' })
  })

  test('a webhook from a repository that is not configured changes nothing', async () => {
    const before = (await bot.threads('limit=100')).length
    const repository = { full_name: 'acme/elsewhere' }
    const pull_request = { number: OPEN_PULL, merged: true, base: { ref: 'main' } }
    const merged = { action: 'closed', number: OPEN_PULL, pull_request, repository }
    const { status, body } = await deliver(bot.url(), 'pull_request', JSON.stringify(merged))
    expect({ status, body }).toEqual({ status: 200, body: { ok: true, ignored: 'not a repository of ours' } })
    expect(await bot.threads('limit=100')).toHaveLength(before)
  })
})
