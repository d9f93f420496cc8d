import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Claims, jobClaims } from '../support/issuer.ts'
import { type JobService, RULE, startJobService } from '../support/jobs.ts'
import { query } from '../support/postgres.ts'

const WORDS = { message: 'deploy backend v1.2.3 to production' }
const WORKFLOW = 'acme/shop/.github/workflows/release.yml@refs/heads/main'
const ALL = [
  { ...RULE, repository_id: 4711 },
  { ...RULE, workflow: 'night.yml', environment: 'production' },
]

let bot: JobService
beforeAll(async () => {
  bot = await startJobService({ DEPLOYBOT_AUTH: 'tokens' }, ALL, (clean) => afterAll(clean))
})
const rows = async () => Number((await query(bot.database.connection, 'select count(*) from threads'))[0]?.['count'])
const launch = async (claims: Claims = jobClaims(), body: object = WORDS, more: Record<string, string> = {}) =>
  bot.post('/threads', body, { ...(await bot.asJob(claims)), ...more })

describe('a job that is listed', () => {
  test('launches without a stored secret, as itself', async () => {
    const { status, body } = await launch()
    expect(status).toBe(201)
    expect(body.events[0].actor).toEqual({ kind: 'caller', id: WORKFLOW, via: 'github actions run 123' })
  })
  test('may be listed by its environment', async () => {
    const workflow_ref = WORKFLOW.replace('release', 'night')
    expect((await launch(jobClaims({ workflow_ref, environment: 'production' }))).status).toBe(201)
    expect((await launch(jobClaims({ workflow_ref, environment: 'staging' }))).status).toBe(403)
    expect((await launch(jobClaims({ workflow_ref }))).status).toBe(403)
  })
  test.each(['push', 'workflow_dispatch', 'repository_dispatch', 'schedule'])('may run on %s', async (event_name) =>
    expect((await launch(jobClaims({ event_name }))).status).toBe(201),
  )
  test('looks at what its repository launched, and sees its events', async () => {
    const { id } = (await launch()).body
    const later = await bot.asJob(jobClaims({ run_id: '124', event_name: 'schedule' }))
    expect((await bot.call(`/threads/${id}`, { headers: later })).body).toMatchObject({ id })
    expect((await bot.call(`/threads/${id}/events`, { headers: later })).body.events.length).toBeGreaterThan(1)
  })
})

describe('a job that is not listed does not launch, and leaves no row:', () => {
  test.each<[string, Claims]>([
    ['of another repository', { repository: 'acme/other', workflow_ref: WORKFLOW.replace('shop', 'other') }],
    ['of a fork', { repository: 'eve/shop', workflow_ref: WORKFLOW.replace('acme', 'eve'), repository_id: '1' }],
    ['of a new repository with the old name', { repository_id: '4712' }],
    ['of another branch', { ref: 'refs/heads/x', workflow_ref: WORKFLOW.replace('main', 'x') }],
    ['of a tag', { ref: 'refs/tags/main', workflow_ref: WORKFLOW.replace('heads', 'tags') }],
    ['of another workflow', { workflow_ref: WORKFLOW.replace('release', 'evil') }],
    ['of a workflow whose name ends alike', { workflow_ref: WORKFLOW.replace('release', 'x/release') }],
    ['whose workflow is from another branch', { workflow_ref: WORKFLOW.replace('main', 'x') }],
    ['on a pull request', { event_name: 'pull_request', ref: 'refs/pull/1/merge' }],
    ['on a pull request, in its target', { event_name: 'pull_request_target' }],
    ['on a comment', { event_name: 'issue_comment' }],
    ['after a run of a fork', { event_name: 'workflow_run' }],
  ])('%s', async (_, claims) => {
    const before = await rows()
    const { status, body } = await launch(jobClaims(claims))
    expect({ status, code: body.code }).toEqual({ status: 403, code: 'job_not_allowed' })
    expect(await rows()).toBe(before)
  })
  test('whose token is not good', async () => {
    const before = await rows()
    for (const token of [
      await bot.issuer.past(),
      await bot.issuer.token(jobClaims(), { aud: 'https://x.test' }),
      'a.b.c',
    ]) {
      const { status, body, headers } = await bot.post('/threads', WORDS, bot.bearer(token))
      expect({ status, code: body.code }).toEqual({ status: 401, code: 'bad_oidc_token' })
      expect(headers.get('www-authenticate')).toContain('invalid_token')
      expect(JSON.stringify(body)).not.toContain(token)
    }
    expect(await rows()).toBe(before)
  })
})

describe('a token launches once', () => {
  test('and again with the same words gets the same answer', async () => {
    const headers = await bot.asJob()
    const first = await bot.post('/threads', WORDS, headers)
    const before = await rows()
    const again = await bot.post('/threads', WORDS, headers)
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect(again).toMatchObject({ status: 201, body: { id: first.body.id } })
    expect(await rows()).toBe(before)
  })
  test('and not with other words', async () => {
    const headers = await bot.asJob()
    await bot.post('/threads', WORDS, headers)
    const before = await rows()
    const other = await bot.post('/threads', { message: 'deploy frontend v1.2.3 to production' }, headers)
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } })
    expect(await rows()).toBe(before)
  })
  test('however many ask with it at once', async () => {
    const headers = await bot.asJob()
    const before = await rows()
    const all = await Promise.all(Array.from({ length: 5 }, () => bot.post('/threads', WORDS, headers)))
    expect(new Set(all.map(({ body }) => body.id)).size).toBe(1)
    expect(await rows()).toBe(before + 1)
  })
  test('and with an Idempotency-Key both count', async () => {
    const key = { 'idempotency-key': `key-${crypto.randomUUID()}` }
    const headers = await bot.asJob()
    const first = (await bot.post('/threads', WORDS, { ...headers, ...key })).body.id
    const before = await rows()
    // A job that did not hear the answer comes again with a new token …
    expect((await launch(jobClaims(), WORDS, key)).body.id).toBe(first)
    // … and whoever has seen its token gets no second thread out of it under another key.
    expect((await bot.post('/threads', WORDS, { ...headers, 'idempotency-key': 'mine' })).body.id).toBe(first)
    expect((await bot.post('/threads', WORDS, headers)).body.id).toBe(first)
    const other = await bot.post('/threads', { message: 'x' }, { ...headers, 'idempotency-key': 'mine' })
    expect(other.status).toBe(422)
    expect((await launch(jobClaims(), { message: 'x' }, key)).status).toBe(422)
    expect(await rows()).toBe(before)
  })
  test('with keys of its own, apart from those of other workflows', async () => {
    const key = { 'idempotency-key': `key-${crypto.randomUUID()}` }
    const night = jobClaims({ workflow_ref: WORKFLOW.replace('release', 'night'), environment: 'production' })
    expect((await launch(jobClaims(), WORDS, key)).body.id).not.toBe((await launch(night, WORDS, key)).body.id)
  })
})

describe("a job's token opens nothing else:", () => {
  test.each(['/threads', '/metrics', '/', '/threads/ID/prompt'])('GET %s', async (path) => {
    const { id } = (await launch()).body
    const { status, body } = await bot.call(path.replace('ID', id), { headers: await bot.asJob() })
    expect({ status, code: body.code }).toEqual({ status: 403, code: 'not_for_jobs' })
  })
  test.each<[string, object]>([
    ['messages', { message: 'x' }],
    ['responses', { to: 1, approved: true }],
    ['responses', { to: 1, response: 'yes' }],
    ['cancel', {}],
    ['fork', { at: 1 }],
    ['restart', {}],
  ])('POST /threads/:id/%s', async (what, asked) => {
    const { id } = (await launch()).body
    const { status, body } = await bot.post(`/threads/${id}/${what}`, asked, await bot.asJob())
    expect({ status, code: body.code }).toEqual({ status: 403, code: 'not_for_jobs' })
  })
})

test('a job sees no thread of anybody else, not even that it is there', async () => {
  const { id } = (await launch()).body
  const other = await startJobService({}, [{ ...RULE, repository: 'acme/other' }, RULE])
  const theirs = await other.launch('deploy backend v1.2.3 to production')
  const ours = (await other.post('/threads', WORDS, await other.asJob())).body.id
  const branched = (await other.post(`/threads/${ours}/fork`, { at: 2 })).body.id
  const stranger = jobClaims({ repository: 'acme/other', workflow_ref: WORKFLOW.replace('shop', 'other') })
  const asked: [string, Claims][] = [
    [theirs, jobClaims()],
    [ours, stranger],
    [branched, jobClaims()],
    [id, jobClaims()],
  ]
  for (const [thread, claims] of asked) {
    for (const path of [`/threads/${thread}`, `/threads/${thread}/events`]) {
      const { status, body } = await other.call(path, { headers: await other.asJob(claims) })
      expect({ status, code: body.code }).toEqual({ status: 404, code: 'unknown_thread' })
    }
  }
})

describe('where whoever reaches the port is the person "local"', () => {
  test('a job is still a job', async () => {
    const local = await startJobService()
    const { status, body } = await local.post('/threads', WORDS, await local.asJob())
    expect(status).toBe(201)
    expect(body.events[0].actor.kind).toBe('caller')
    expect((await local.post('/threads', WORDS, local.bearer('a.b.c'))).status).toBe(401)
  })
  test('and without a list no job launches', async () => {
    const local = await startJobService({}, [])
    expect((await local.post('/threads', WORDS, await local.asJob())).body.code).toBe('job_not_allowed')
  })
})
