import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ToolError } from '../../../src/agent/ports.ts'
import { deliver, signed } from '../../support/github-webhook.ts'
import { query } from '../../support/postgres.ts'
import { closed, numbers, open, world } from './support.ts'

const MB = 1024 * 1024

const it = world()
let app: Awaited<ReturnType<typeof open>>
/** The merges that were asked about, and what is found of each. */
let merged: string[] = []
let answer: () => Promise<string | null>
let forgotten = 0
beforeAll(async () => {
  const releases = {
    merged: (repository: string, number: number) => {
      merged.push(`${repository} ${number}`)
      return answer()
    },
  }
  app = await open({ ...it.deps, releases, forgetInstallations: () => void forgotten++ }, afterAll)
})
beforeEach(async () => {
  it.reset()
  merged = []
  answer = async () => 'r-1'
  forgotten = 0
  await app.mark()
})

/** A thread that follows a run, as the index has it. */
const following = async () => {
  const run = numbers().pull
  const asked = { type: 'launch', agent: 'deploy', message: 'deploy backend v1.2.3 to staging' } as const
  const [first] = await app.door.launch({ ...asked, actor: { kind: 'person', id: 'dev' } })
  const id = first?.thread_id ?? ''
  await query(app.connection, `update threads set run_id = ${run}, wake_at = null where id = '${id}'`)
  await app.mark()
  const wakeAt = async () =>
    (await query(app.connection, `select wake_at from threads where id = '${id}'`))[0]?.['wake_at']
  return { id, run, due: async () => (await wakeAt()) !== null }
}

describe('a webhook is verified on its raw bytes before anything is made of them', () => {
  test.each<[string, string, Record<string, string>]>([
    ['unsigned', '{}', { 'x-hub-signature-256': '' }],
    ['signed with another secret', '{}', { 'x-hub-signature-256': signed('{}', 'another') }],
    ['not even JSON', '{"half', { 'x-hub-signature-256': signed('{}') }],
    ['nothing at all', '', { 'x-hub-signature-256': signed('x') }],
  ])('%s: 401, and no row', async (_, body, headers) => {
    expect(await deliver(app.url, 'workflow_run', body, headers)).toMatchObject({
      status: 401,
      body: { code: 'bad_signature' },
    })
    expect(await app.rows()).toEqual({ deliveries: 0, threads: 0 })
  })

  test('without a body it was not verified', async () => {
    const answer = await fetch(`${app.url}/webhooks/github`, { method: 'POST', headers: { 'x-github-event': 'ping' } })
    expect(answer.status).toBe(401)
  })

  test('signed, but no JSON: 400', async () => {
    expect(await deliver(app.url, 'push', '{"half')).toMatchObject({ status: 400, body: { code: 'bad_json' } })
  })
})

describe('a body may be as large as GitHub sends', () => {
  const large = (bytes: number) => Buffer.from(JSON.stringify({ commits: 'x'.repeat(bytes) }))

  test('up to a megabyte is read, though others may send no more than 256 KB', async () => {
    const { run } = await following()
    const payload = {
      workflow_job: { run_id: run, steps: 'x'.repeat(MB - 200) },
      repository: { full_name: 'acme/shop' },
    }
    expect((await deliver(app.url, 'workflow_job', JSON.stringify(payload))).body).toEqual({ ok: true })
  })

  test('beyond that it is verified and not looked into', async () => {
    const push = large(20 * MB)
    expect(await deliver(app.url, 'push', push)).toMatchObject({
      status: 200,
      body: { ignored: expect.stringMatching('large') },
    })
    expect((await deliver(app.url, 'push', push, { 'x-hub-signature-256': signed('{}') })).status).toBe(401)
  })

  test('and beyond 25 MB refused, also where it does not say how large it is', async () => {
    const body = large(25 * MB)
    expect(await deliver(app.url, 'push', body)).toMatchObject({ status: 413, body: { code: 'too_large' } })
    const headers = {
      'content-type': 'application/json',
      'x-github-event': 'push',
      'x-hub-signature-256': signed(body),
    }
    const stream = new Blob([new Uint8Array(body)]).stream()
    const chunked = fetch(`${app.url}/webhooks/github`, {
      method: 'POST',
      headers,
      body: stream,
      duplex: 'half',
    } as RequestInit)
    // The connection may end before the client has sent everything.
    expect(
      await chunked.then(
        ({ status }) => status,
        () => 413,
      ),
    ).toBe(413)
  })
})

describe('what moves a run wakes its thread', () => {
  const repository = { full_name: 'acme/shop' }
  test.each<[string, string, (id: string, run: number) => object]>([
    [
      'a run by its name',
      'workflow_run',
      (id) => ({ workflow_run: { id: 1, display_title: `Deploy backend ${id}-4` } }),
    ],
    ['a run by its number', 'workflow_run', (_, run) => ({ workflow_run: { id: run, display_title: null } })],
    ['a job by its run', 'workflow_job', (_, run) => ({ workflow_job: { run_id: run } })],
    [
      'a deployment by what it notes',
      'deployment_status',
      (id) => ({ deployment: { payload: { dispatch_id: `${id}-4` } } }),
    ],
    ['… as a text', 'deployment_status', (id) => ({ deployment: { payload: `{"tag":"v1","dispatch_id":"${id}-4"}` } })],
    ['… by its run', 'deployment_status', (_, run) => ({ deployment: { payload: {} }, workflow_run: { id: run } })],
  ])('%s', async (_, event, payload) => {
    const { id, run, due } = await following()
    expect((await app.send(event, { ...payload(id, run), repository }, { 'x-github-delivery': 'd-9' })).body).toEqual({
      ok: true,
    })
    expect(await due()).toBe(true)
    expect(app.lines).toContainEqual(expect.objectContaining({ thread_id: id, delivery_id: 'd-9', hint: 'woke' }))
  })

  test.each<[string, string, object]>([
    ['a number that no database holds', 'workflow_run', { workflow_run: { id: 1e300 }, repository }],
    [
      'a run of another repository',
      'workflow_job',
      { workflow_job: { run_id: 77 }, repository: { full_name: 'evil/shop' } },
    ],
    ['a run that nobody follows', 'workflow_job', { workflow_job: { run_id: 78 }, repository }],
    ['a push', 'push', { ref: 'refs/heads/main', forced: true, repository }],
    ['a tag that went', 'delete', { ref: 'v1.2.3', ref_type: 'tag', repository }],
    ['an event of another kind', 'star', { action: 'created', repository }],
  ])('%s wakes nobody, and is no row', async (_, event, payload) => {
    const { due } = await following()
    expect((await app.send(event, payload)).status).toBeLessThan(500)
    expect(await due()).toBe(false)
    expect((await app.rows()).deliveries).toBe(0)
  })

  test('the same body under another delivery id is known', async () => {
    const { run } = await following()
    const payload = { workflow_job: { run_id: run }, repository }
    expect((await app.send('workflow_job', payload)).body).toEqual({ ok: true })
    expect((await app.send('workflow_job', payload)).body.ignored).toBe('taken before')
    expect((await app.rows()).deliveries).toBe(1)
  })
})

describe('a merge', () => {
  test('on the branch that is released is looked for by its number, whatever else the payload says', async () => {
    expect((await app.send('pull_request', closed({ merge_commit_sha: 'not this' }))).body).toEqual({ ok: true })
    expect(merged).toEqual([`acme/shop ${numbers().pull}`])
    expect(app.lines).toContainEqual(expect.objectContaining({ thread_id: 'r-1', delivery_id: expect.any(String) }))
  })

  test.each<[string, () => object]>([
    ['closed without a merge', () => closed({ merged: false })],
    ['only opened', () => ({ ...closed(), action: 'opened' })],
    ['into another branch', () => closed({ base: { ref: 'next' } })],
    ['of another repository', () => closed({}, { repository: { full_name: 'evil/shop' } })],
  ])('%s sets nothing going', async (_, body) => {
    expect(await app.send('pull_request', body())).toMatchObject({ status: 200, body: { ignored: expect.any(String) } })
    expect(merged).toEqual([])
    expect(await app.rows()).toEqual({ deliveries: 0, threads: 0 })
  })

  test('that the API does not know is ignored with a line in the log', async () => {
    answer = async () => null
    expect((await app.send('pull_request', closed())).body.ignored).toMatch('no such merge')
    expect(app.lines).toContainEqual(expect.objectContaining({ ignored: 'GitHub knows of no such merge' }))
  })

  test('is refused, not taken unverified, where GitHub cannot be asked', async () => {
    answer = () => Promise.reject(new ToolError('github_unreachable', 'nobody is there'))
    expect(await app.send('pull_request', closed())).toMatchObject({
      status: 503,
      body: { code: 'github_unreachable' },
    })
    expect((await app.rows()).deliveries).toBe(0)
  })
})

describe('the App and its webhook', () => {
  test.each(['installation', 'installation_repositories', 'installation_target'])(
    '%s: the installation is looked for anew',
    async (event) => {
      expect((await app.send(event, { action: 'created' })).body).toEqual({ ok: true })
      expect(forgotten).toBe(1)
    },
  )

  test('a ping is answered with what is set up, and what is missing', async () => {
    const hook = { events: ['workflow_run', 'push'] }
    const { body } = await app.send('ping', { zen: 'Keep it simple', hook, repository: { full_name: 'acme/other' } })
    expect(body).toMatchObject({ ok: true, message: expect.stringMatching(/not sent.*pull_request.*names acme\/shop/) })
    expect((await app.send('ping', { hook: { events: ['*'] } })).body.message).toBe(
      'the secret fits; all events are sent',
    )
    expect((await app.send('ping', randomBytes(3).toString('hex'))).body.message).toBe('the secret fits')
  })
})
