import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Event } from '../../src/thread/event.ts'
import type { ThreadView } from '../../src/thread/view.ts'
import { startTestService, type TestService, types } from '../support/service.ts'

const RULES = `repository: acme/shop
services:
  backend: { workflow: deploy-backend.yml }
environments:
  staging: { approvals: 0 }
  production: { approvals: 1, approvers: [local], self_approval: true }
  hurried: { approvals: 1, approvers: [local], self_approval: true, busy: refuse }
  sealed:
    approvals: 1
    approvers: [lead]
    self_approval: true
    break_glass: [local]
    freeze: [{ days: [mon, tue, wed, thu, fri, sat, sun], tz: Europe/Berlin, reason: sale }]
people: { local: {}, lead: {} }
`

/** The service under these rules. Runs take as long as is said. */
const start = async (running = 60) => {
  const directory = await mkdtemp(join(tmpdir(), 'deploybot-guards-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  await writeFile(join(directory, 'deploybot.yaml'), RULES)
  const bot = await startTestService({ DEPLOYBOT_CONFIG: join(directory, 'deploybot.yaml') })
  await control(bot, '/pace', { queued: 10, running })
  return bot
}

const control = (bot: TestService, path: string, body: object) =>
  fetch(`${bot.github()}/_sandbox${path}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

/** A busy machine may say 503: as any client would, they come again. */
const patiently = async <T extends { status: number }>(ask: () => Promise<T>): Promise<T> => {
  for (let left = 100; ; left--) {
    const answer = await ask()
    if (answer.status !== 503 || left === 0) return answer
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
const launch = async (bot: TestService, message: string): Promise<string> =>
  (await patiently(() => bot.post('/threads', { message }))).body.id
const post = (bot: TestService, path: string, body: object, headers = {}) =>
  patiently(() => bot.post(path, body, headers))
const approve = async (bot: TestService, id: string, more: object = {}) => {
  const { seq } = await bot.untilAsked(id, 'approval')
  return post(bot, `/threads/${id}/responses`, { to: seq, approved: true, ...more })
}
const errors = ({ events }: ThreadView): string[] =>
  events.flatMap((event) => (event.type === 'error' ? [event.data.code] : []))

/** From the start of a dispatch to its result, by the database's clock: no two of a place may overlap. */
const intervals = ({ events }: ThreadView): { from: number; to: number }[] =>
  events
    .filter(({ type }) => type === 'tool_started')
    .map((started) => {
      const end = events.find(
        ({ type, seq }) => seq > started.seq && type.endsWith('_result') && type.startsWith('deploy'),
      )
      return { from: Date.parse(started.at), to: end ? Date.parse(end.at) : Number.POSITIVE_INFINITY }
    })
const overlapping = (threads: ThreadView[]): number => {
  const all = threads.flatMap(intervals).sort((a, b) => a.from - b.from)
  return all.filter(({ from }, i) => from < (all[i - 1]?.to ?? 0)).length
}

describe('two threads that deploy the same service', () => {
  test('one runs, the other waits visibly, and is asked again because production changed', async () => {
    const bot = await start(1_500)
    const first = await launch(bot, 'deploy backend v1.2.3 to production')
    const second = await launch(bot, 'deploy backend v1.2.4 to production')
    const { seq } = await bot.untilAsked(second, 'approval')
    await approve(bot, first)
    await bot.untilEvent(first, 'tool_started')
    await approve(bot, second)
    const waiting = await bot.untilAsked(second, 'turn')
    expect(waiting).toMatchObject({ service: 'backend', environment: 'production', held_by: { thread_id: first } })
    const done = await bot.untilEvent(first, 'deploy_backend_result')
    const again = await bot.untilAsked(second, 'approval', seq)
    expect(again.changed).toEqual(['production now runs v1.2.3; it ran v1.2.2 when this was approved'])
    // Woken by whoever left: not found by looking again, which takes two seconds at least.
    const ended = done.events.find(({ type }) => type === 'deploy_backend_result') as Event
    const view = await bot.thread(second)
    const asked = view.events.find(({ seq }) => seq === again.seq) as Event
    expect(Date.parse(asked.at) - Date.parse(ended.at)).toBeLessThan(10_000)
    expect(types(view).filter((type) => type === 'tool_started')).toEqual([])
  })

  test('approved at the same moment, they go one after the other', async () => {
    const bot = await start(400)
    const ids = [
      await launch(bot, 'deploy backend v1.2.3 to production'),
      await launch(bot, 'deploy backend v1.2.4 to production'),
    ]
    for (const id of ids) await bot.untilAsked(id, 'approval')
    await Promise.all(ids.map((id) => approve(bot, id)))
    // Whoever comes second is asked again, as production changed; where that makes it a step back, under that name.
    const again = ({ waiting_for }: ThreadView) =>
      waiting_for?.kind === 'approval' && (waiting_for.changed !== undefined || waiting_for.intent === 'rollback')
    const settled = (view: ThreadView) => view.status === 'done' || again(view)
    const ends = await Promise.all(ids.map((id) => bot.until(id, 'end', settled)))
    expect(ends.filter(({ status }) => status === 'done')).toHaveLength(1)
    expect(overlapping(ends)).toBe(0)
  })

  test('where nobody needs to be asked, all of them go, one at a time', async () => {
    const bot = await start(300)
    const ids: string[] = []
    for (const tag of ['v1.2.4', 'v1.2.4', '4af9ec0']) {
      ids.push(await launch(bot, `deploy backend ${tag} to staging`))
      await bot.until(ids.at(-1) ?? '', 'start', ({ events }) =>
        types({ events } as ThreadView).some((type) => type === 'tool_started' || type === 'turn_awaited'),
      )
    }
    const done = await Promise.all(ids.map((id) => bot.untilStatus(id, 'done')))
    expect(done.map((view) => intervals(view).length)).toEqual([1, 1, 1])
    expect(overlapping(done)).toBe(0)
  })

  test('where policy says so, the second one is refused', async () => {
    const bot = await start(3_000)
    const first = await launch(bot, 'deploy backend v1.2.3 to hurried')
    const second = await launch(bot, 'deploy backend v1.2.4 to hurried')
    await bot.untilAsked(second, 'approval')
    await approve(bot, first)
    await bot.untilEvent(first, 'tool_started')
    await approve(bot, second)
    const refused = await bot.untilEvent(second, 'error')
    expect(errors(refused)).toEqual(['environment_busy'])
    const third = await launch(bot, 'deploy backend v1.2.4 to hurried')
    expect(errors(await bot.untilEvent(third, 'error'))).toEqual(['environment_busy'])
  })

  test('one that is cancelled while it waits is out of the way', async () => {
    const bot = await start(1_500)
    const [first, second] = [
      await launch(bot, 'deploy backend v1.2.3 to production'),
      await launch(bot, 'deploy backend v1.2.4 to production'),
    ]
    await bot.untilAsked(second, 'approval')
    await approve(bot, first)
    await bot.untilEvent(first, 'tool_started')
    await approve(bot, second)
    await bot.untilAsked(second, 'turn')
    await post(bot, `/threads/${second}/cancel`, {})
    await bot.untilStatus(first, 'done')
    expect((await bot.thread(second)).status).toBe('cancelled')
  })
})

describe('locks', () => {
  const LOCK = { environment: 'production', service: 'backend', reason: 'moving the database', expires_in: '2h' }

  test('keep everybody out until a person unlocks, and are listed with who, why and until when', async () => {
    const bot = await start()
    const key = { 'idempotency-key': 'lock-1' }
    const locked = await post(bot, '/locks', LOCK, key)
    expect(locked).toMatchObject({
      status: 201,
      body: { agent: 'lock', status: 'sleeping', waiting_for: { kind: 'timer' } },
    })
    expect((await post(bot, '/locks', LOCK, key)).body).toEqual(locked.body)
    const { body } = await patiently(() => bot.call('/locks'))
    expect(body).toEqual({
      locks: [
        {
          thread_id: locked.body.id,
          service: 'backend',
          environment: 'production',
          reason: 'moving the database',
          by: 'local',
          since: expect.any(String),
          until: locked.body.waiting_for.until,
        },
      ],
    })
    const id = await launch(bot, 'deploy backend v1.2.3 to production')
    expect(errors(await bot.untilEvent(id, 'error'))).toEqual(['locked'])
    const asked = await bot.untilAsked(id, 'human_input')
    expect(asked.context).toContain('moving the database')
    const unlock = `/threads/${locked.body.id}/unlock`
    expect(await post(bot, unlock, { reason: 'moved' })).toMatchObject({ status: 202, body: { status: 'done' } })
    expect(await post(bot, unlock, { reason: 'moved' })).toMatchObject({ status: 409, body: { code: 'not_locked' } })
    expect((await patiently(() => bot.call('/locks'))).body).toEqual({ locks: [] })
    await post(bot, `/threads/${id}/responses`, { to: asked.seq, choice: 'try again' })
    await approve(bot, id)
    await bot.untilStatus(id, 'done')
  })

  test('end by themselves', async () => {
    const bot = await start()
    const { body } = await post(bot, '/locks', { ...LOCK, expires_in: '1s' })
    const done = await bot.untilStatus(body.id, 'done')
    expect(types(done)).toEqual(['thread_launched', 'environment_locked', 'environment_unlocked'])
    expect((await patiently(() => bot.call('/locks'))).body).toEqual({ locks: [] })
  })

  test('that make no sense are refused', async () => {
    const bot = await start()
    const refused = async (more: object, status: number, code: string) =>
      expect(await post(bot, '/locks', { ...LOCK, ...more }), code).toMatchObject({ status, body: { code } })
    await refused({ environment: 'moon' }, 422, 'unknown_place')
    await refused({ expires_in: '100d' }, 422, 'bad_expiry')
    await refused({ expires_in: 'soon' }, 400, 'invalid_request')
    await refused({ reason: ' ' }, 400, 'invalid_request')
    expect((await bot.call('/locks')).body).toEqual({ locks: [] })
  })

  test('a rollback leaves one, which stands until a person has looked', async () => {
    const bot = await start()
    const back = await launch(bot, 'roll back backend to v1.2.1 on production')
    await approve(bot, back)
    await bot.untilStatus(back, 'done')
    expect((await patiently(() => bot.call('/locks'))).body.locks).toMatchObject([
      { thread_id: back, by: null, until: null },
    ])
    const id = await launch(bot, 'deploy backend v1.2.3 to production')
    expect(errors(await bot.untilEvent(id, 'error'))).toEqual(['locked'])
    expect((await post(bot, `/threads/${back}/unlock`, { reason: 'understood' })).status).toBe(202)
    const next = await launch(bot, 'deploy backend v1.2.3 to production')
    await bot.untilAsked(next, 'approval')
  })
})

describe('what the rules forbid for now', () => {
  test('named people may override, with a reason, and it is told', async () => {
    const bot = await start()
    const id = await launch(bot, 'deploy backend v1.2.3 to sealed')
    const asked = await bot.untilAsked(id, 'approval')
    expect(asked).toMatchObject({ blocked: [{ code: 'frozen' }], break_glass: ['local'], approvers: ['lead', 'local'] })
    const answer = `/threads/${id}/responses`
    const silent = await post(bot, answer, { to: asked.seq, approved: true })
    expect(silent).toMatchObject({ status: 422, body: { code: 'reason_needed' } })
    await post(bot, answer, { to: asked.seq, approved: true, comment: 'the shop is down' })
    const done = await bot.untilStatus(id, 'done')
    expect(types(done)).toEqual(expect.arrayContaining(['glass_broken', 'approval_given', 'deploy_backend_result']))
    const metrics = await (await fetch(`${bot.url()}/metrics`)).text()
    expect(metrics).toContain('deploybot_glass_broken_total{block="frozen"} 1')
  })

  test('going backwards is asked for as what it is', async () => {
    const bot = await start()
    const id = await launch(bot, 'deploy backend v1.2.1 to production')
    expect(await bot.untilAsked(id, 'approval')).toMatchObject({
      intent: 'rollback',
      direction: 'backward',
      tag: 'v1.2.1',
    })
    expect(errors(await bot.thread(id))).toEqual(['goes_backward'])
  })

  test('a workflow file that was changed since voids the yes', async () => {
    const bot = await start()
    const id = await launch(bot, 'deploy backend v1.2.3 to production')
    const { seq } = await bot.untilAsked(id, 'approval')
    await control(bot, '/workflows/deploy-backend.yml', { content: 'name: something else' })
    await approve(bot, id)
    const again = await bot.untilAsked(id, 'approval', seq)
    expect(again.changed).toEqual(['the workflow file deploy-backend.yml was changed since this was approved'])
  })
})
