import { describe, expect, onTestFinished, test } from 'vitest'
import { ToolError } from '../../../src/agent/ports.ts'
import type { AppDeps } from '../../../src/http/deps.ts'
import type { Deployment } from '../../../src/thread/deployments.ts'
import type { LiveDeployment } from '../../../src/thread/event.ts'
import { startApp } from '../../support/app.ts'
import { freshDatabase } from '../../support/postgres.ts'
import { policy, START, THREAD } from '../../thread/spec.ts'
import { createBrowser, formIn } from './support.ts'

const NEW = 'a'.repeat(40)
const OLD = 'b'.repeat(40)
const FOREIGN = 'c'.repeat(40)

const live = (more: Partial<LiveDeployment> = {}): LiveDeployment => ({
  service: 'backend',
  environment: 'production',
  tag: 'v1.2.3',
  sha: NEW,
  since: START,
  url: 'https://github.test/runs/1',
  ...more,
})

const deployment = (more: Partial<Deployment> = {}): Deployment => ({
  thread_id: THREAD,
  seq: 9,
  kind: 'deploy',
  service: 'backend',
  environment: 'production',
  tag: 'v1.2.3',
  sha: NEW,
  status: 'success',
  replaced_tag: null,
  replaced_sha: null,
  html_url: 'https://github.test/runs/1',
  asked_by: 'dev',
  approved_by: ['lead', 'oncall'],
  first_commit_at: null,
  commits: 1,
  waited_ms: 0,
  model_calls: 0,
  input_tokens: 0,
  output_tokens: 0,
  model_cost: null,
  at: START,
  ...more,
})

const start = async (more: Partial<AppDeps> & { history?: Deployment[] } = {}) => {
  const { history = [], ...deps } = more
  const { connection, drop } = await freshDatabase()
  onTestFinished(drop)
  const app = await startApp(connection, {
    live: async () => [live()],
    branches: { waiting: async () => null },
    deployments: { latest: async () => history, weeks: async () => [] },
    ...deps,
  })
  const browser = createBrowser(app.url)
  const look = async () => (await browser.go('/environments')).text
  /** Sends a form of the page as a person would. */
  const send = async (path: string, fields: Record<string, string>) =>
    browser.send(`/environments/${path}`, { form: formIn(await look()), ...fields })
  return { ...app, browser, look, send }
}

const section = (page: string, name: string): string =>
  page.split('<section').find((part) => part.includes(`id="environment-${name}"`)) ?? ''

describe('the page of environments', () => {
  test('says what is live, since when, who asked and who approved, and leads to the thread', async () => {
    const { look } = await start({ history: [deployment()] })
    const production = section(await look(), 'production')
    for (const part of ['v1.2.3', 'aaaaaaa', START, 'asked by dev', 'approved by lead, oncall', `/threads/${THREAD}`])
      expect(production).toContain(part)
    expect(section(await look(), 'staging')).toContain('Nothing is live')
  })

  test('says of what somebody else deployed that it was not us', async () => {
    const { look } = await start({ live: async () => [live({ sha: FOREIGN })], history: [deployment()] })
    expect(section(await look(), 'production')).toContain('Not by Deploybot')
  })

  test('says who deploys right now, since when, and leads there', async () => {
    const running = {
      service: 'backend',
      environment: 'production',
      thread_id: THREAD,
      title: '<b>ship</b>',
      since: START,
    }
    const { look } = await start({ lanes: { locked: async () => [], running: async () => [running] } })
    const page = await look()
    const said = `Being deployed</strong> since <time datetime="${START}">`
    for (const part of [said, `/threads/${THREAD}`, '&#60;b&#62;ship', 'backend v1.2.3, being deployed'])
      expect(section(page, 'production')).toContain(part)
    expect(section(page, 'staging')).not.toContain('eing deployed')
  })

  test('is there while GitHub is down, and says since when nothing is known', async () => {
    let isDown = false
    const down = new ToolError('github_unavailable', 'GitHub says <b>502</b>')
    const ask = async () => (isDown ? Promise.reject(down) : [live()])
    const first = await start({ live: () => Promise.reject(down) })
    const nothing = await first.look()
    expect(nothing).toContain('What is live is not known: GitHub does not say (GitHub says &#60;b&#62;502&#60;/b&#62;)')
    const later = await start({ live: ask })
    expect(await later.look()).not.toContain('GitHub does not say')
    isDown = true
    // What was heard is good for five seconds, and stands in while it is asked for anew.
    await new Promise((resolve) => setTimeout(resolve, 5_100))
    expect(await later.look()).not.toContain('GitHub does not say')
    const page = await later.look()
    expect(page).toMatch(/What is live is shown as it was at <time[^>]*>[^<]*<\/time>: GitHub does not say/)
    expect(section(page, 'production')).toContain('v1.2.3')
  })

  test('shows at once what we deployed since GitHub was asked, and asks it once', async () => {
    const history: Deployment[] = []
    let now = live({ tag: 'v1.2.2', sha: OLD })
    let asked = 0
    const behind = { live: { tag: 'v1.2.2', sha: OLD }, head: NEW, commits: 14, url: 'https://github.test/compare' }
    const { look } = await start({
      history,
      live: async () => {
        asked += 1
        return [now]
      },
      branches: { waiting: async (_, { service }) => (service === 'backend' ? behind : null) },
    })
    for (const part of ['<strong>v1.2.2', '14 commits of main'])
      expect(section(await look(), 'production')).toContain(part)
    now = live()
    expect(section(await look(), 'production')).toContain('<strong>v1.2.2')
    history.unshift(deployment({ at: new Date(Date.now() + 1_000).toISOString() }))
    const page = section(await look(), 'production')
    expect(page).toContain('<strong>v1.2.3')
    expect(page).not.toContain('14 commits')
    expect(asked).toBe(2)
  })

  test('does not wait for a GitHub that hangs', async () => {
    const { look } = await start({ live: () => new Promise(() => {}) })
    const began = performance.now()
    expect(await look()).toContain('no answer within 2 s')
    expect(performance.now() - began).toBeLessThan(5_000)
    const again = performance.now()
    await look()
    expect(performance.now() - again).toBeLessThan(1_000)
  })

  test('shows freezes and rules as sentences', async () => {
    const freeze = [{ first: '2020-01-01', last: '2999-12-31', tz: 'Europe/Berlin', reason: 'the <big> sale' }]
    const { production } = policy.environments
    if (!production) throw new Error('there is no production')
    const frozen = { ...policy, environments: { ...policy.environments, production: { ...production, freeze } } }
    const page = section(await (await start({ policy: frozen })).look(), 'production')
    expect(page).toContain('Frozen for months to come')
    expect(page).toContain('the &#60;big&#62; sale')
    expect(page).toContain('Needs one yes of lead, oncall, local. Whoever asks may approve too.')
    expect(page).toContain('The same commit must have succeeded on staging before. A question expires after 1 hour.')
  })
})

describe('from the page of environments', () => {
  test('a place is locked for a reason and a time, and unlocked', async () => {
    const { look, send } = await start()
    const lock = { environment: 'production', service: 'backend', reason: '<i>audit</i>', expires_in: '2h' }
    expect((await send('locks', lock)).to).toBe('/environments')
    const page = section(await look(), 'production')
    expect(page).toContain('backend on production is locked')
    expect(page).toContain('&#60;i&#62;audit&#60;/i&#62;')
    const [, thread = ''] = /name="thread" value="([^"]+)"/.exec(page) ?? []
    expect((await send('unlocks', { thread, reason: 'done' })).to).toBe('/environments')
    expect(await look()).not.toContain('is locked')
    const again = await send('unlocks', { thread, reason: 'done' })
    expect([again.status, again.text]).toEqual([409, expect.stringMatching(/role="alert"[\s\S]*not_locked/)])
  })

  test('a lock that lasts too long is refused on the page', async () => {
    const { send } = await start()
    const lock = { environment: 'production', service: '', reason: 'x', expires_in: '91d' }
    const answer = await send('locks', lock)
    expect([answer.status, answer.text]).toEqual([422, expect.stringContaining('a lock lasts for 90 days at most')])
    // The page stands at the address of the form, where script would look for it in vain.
    expect(answer.text).toContain('data-address="/environments"')
  })

  test('any earlier success can be rolled back to: the rollback agent is asked, by a thread', async () => {
    const old = deployment({ tag: 'v1.2.2', sha: OLD, thread_id: 'x', at: '2026-11-20T08:00:00.000Z' })
    const failed = deployment({ tag: 'v1.2.4', sha: FOREIGN, status: 'failure' })
    const { look, send, thread } = await start({ history: [failed, deployment(), old] })
    const page = section(await look(), 'production')
    expect(page.match(/Roll back to/g)).toHaveLength(1)
    expect(page).toContain('name="to" value="v1.2.2"')
    expect(page).toContain('formaction="/environments/deployments">Deploy v1.2.4 again')
    const { to } = await send('rollbacks', { service: 'backend', environment: 'production', to: 'v1.2.2' })
    const { agent, events } = await thread(to.replace('/threads/', ''))
    expect(agent).toBe('rollback')
    expect(events[1]).toMatchObject({ data: { message: 'roll back backend on production to v1.2.2' } })
  })

  test('what was taken back is deployed again, and what somebody else had deployed is gone back to', async () => {
    const first = deployment({ tag: 'v1.2.4', sha: FOREIGN, replaced_tag: 'v1.1.0', replaced_sha: OLD })
    const back = deployment({ kind: 'rollback', replaced_tag: 'v1.2.4', replaced_sha: FOREIGN })
    const page = section(await (await start({ history: [back, first] })).look(), 'production')
    expect(page).toContain('Deploy v1.2.4 again')
    expect(page).toMatch(/v1\.1\.0 <code>bbbbbbb<\/code> <span[^>]*>was live before[\s\S]*Roll back to v1\.1\.0/)
    expect(page).not.toContain('Roll back to v1.2.4')
  })

  test('what is live before, and the newest of the branch, can be deployed', async () => {
    const waiting = {
      live: { tag: 'v1.2.3', sha: NEW },
      head: FOREIGN,
      commits: 14,
      url: 'https://github.test/compare',
    }
    const { look, send, thread } = await start({
      live: async () => [live({ sha: OLD, tag: 'v1.2.2' }), live({ environment: 'staging' })],
      branches: {
        waiting: async (_, { service, environment }) =>
          `${service}/${environment}` === 'backend/production' ? waiting : null,
      },
    })
    const page = section(await look(), 'production')
    expect(page).toContain('14 commits of main')
    expect(page).toContain('Deploy v1.2.3 from staging')
    expect(page).toContain(`value="${FOREIGN}"`)
    const { to } = await send('deployments', { service: 'backend', environment: 'production', to: FOREIGN })
    const { agent, events } = await thread(to.replace('/threads/', ''))
    expect(agent).toBe('deploy')
    expect(events[1]).toMatchObject({ data: { message: `deploy backend ${FOREIGN} to production` } })
  })

  test('nothing is asked for a place that there is not, nor by a form that is not ours', async () => {
    const { send, browser, threads } = await start()
    const place = { service: 'backend', environment: 'production', to: 'v1' }
    expect((await send('deployments', { ...place, service: 'constructor' })).status).toBe(422)
    expect((await send('rollbacks', { ...place, to: 'v1 and then everything' })).status).toBe(400)
    expect((await browser.send('/environments/deployments', { ...place, form: 'forged' })).status).toBe(403)
    expect(await threads('limit=5')).toEqual([])
  })
})
