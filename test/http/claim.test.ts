import { pino } from 'pino'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { ThreadView } from '../../src/thread/view.ts'
import { deployClaims } from '../support/issuer.ts'
import { type JobService, startJobService } from '../support/jobs.ts'
import { types } from '../support/service.ts'

const STAGING = 'deploy frontend v1.2.3 to staging'

/** A deployment that is under way and stays so, with its dispatch and its run. */
const underWay = async (bot: JobService, message = STAGING) => {
  await bot.holdRuns()
  const id = await bot.launch(message)
  const { dispatch_id, run_id } = await bot.untilAsked(id, 'run')
  return { id, dispatch_id, run_id: Number(run_id) }
}
const frontend = (run_id: number, more = {}) =>
  deployClaims(run_id, {
    workflow_ref: 'acme/shop/.github/workflows/deploy-frontend.yml@refs/heads/main',
    ...more,
  })

/** The run that GitHub answered our POST with. */
const namedRun = ({ events }: ThreadView): number =>
  events.flatMap((event) => (event.type === 'dispatch_accepted' ? [event.data.run_id ?? 0] : []))[0] ?? 0

describe('a run that asks whether it is the one', () => {
  test('is told what was approved, and by whom', async () => {
    const bot = await startJobService()
    await bot.holdRuns()
    const id = await bot.launch('deploy backend v1.2.3 to production')
    const asked = await bot.untilAsked(id, 'approval')
    await bot.respond(id, asked.seq, { approved: true })
    const { dispatch_id, run_id } = await bot.untilAsked(id, 'run')
    const claimed = await bot.claim(dispatch_id, Number(run_id))
    expect(claimed).toMatchObject({ status: 200 })
    expect(claimed.body).toEqual({
      thread_id: id,
      dispatch_id,
      run_id,
      service: 'backend',
      environment: 'production',
      tag: 'v1.2.3',
      sha: asked.sha,
      approved_by: ['local'],
    })
  })

  test('is written down once, and hears the same as often as it asks', async () => {
    const bot = await startJobService()
    const { id, dispatch_id, run_id } = await underWay(bot)
    const claims = () => bot.claim(dispatch_id, run_id, frontend(run_id))
    const all = await Promise.all(Array.from({ length: 5 }, claims))
    expect(new Set(all.map(({ status, body }) => `${status} ${JSON.stringify(body)}`)).size).toBe(1)
    expect(all[0]?.status).toBe(200)
    const events = types(await bot.thread(id)).filter((type) => type === 'dispatch_claimed')
    expect(events).toHaveLength(1)
  })

  test('is told to stop where another was first, of as many as ask at once', async () => {
    const bot = await startJobService()
    await bot.control('faults', 'POST', { do: 'drop', accept: true })
    await bot.control('runs/next', 'POST', { hidden_ms: 60_000 })
    await bot.holdRuns()
    const id = await bot.launch(STAGING)
    const { dispatch_id } = await bot.untilAsked(id, 'run')
    const runs = [1, 2, 3, 4, 5]
    const all = await Promise.all(runs.map((run) => bot.claim(dispatch_id, run, frontend(run))))
    expect(all.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409])
    expect(all.filter(({ body }) => body.code === 'claimed_by_another_run')).toHaveLength(4)
    const [winner] = all.filter(({ status }) => status === 200)
    expect((await bot.untilAsked(id, 'run')).run_id).toBe(winner?.body.run_id)
  })

  test('settles a dispatch that GitHub left unclear, at once', async () => {
    const bot = await startJobService()
    await bot.control('faults', 'POST', { do: 'drop', accept: true })
    await bot.control('runs/next', 'POST', { hidden_ms: 60_000 })
    const id = await bot.launch(STAGING)
    await bot.untilEvent(id, 'dispatch_unclear')
    const { dispatch_id } = await bot.untilAsked(id, 'run')
    expect((await bot.claim(dispatch_id, 42, frontend(42))).status).toBe(200)
    expect((await bot.thread(id)).waiting_for).toMatchObject({ kind: 'run', run_id: 42 })
  })

  test('may be faster than the answer to our own POST', async () => {
    const bot = await startJobService()
    await bot.holdRuns()
    await bot.control('faults', 'POST', { do: 'delay', ms: 1_500 })
    const id = await bot.launch(STAGING)
    const started = await bot.untilEvent(id, 'tool_started')
    const dispatch_id = `${id}-${started.events.find(({ type }) => type === 'tool_started')?.seq}`
    expect(types(started)).not.toContain('dispatch_accepted')
    const early = await bot.claim(dispatch_id, 42, frontend(42))
    expect(early).toMatchObject({ status: 200, body: { run_id: 42 } })
    const after = await bot.untilEvent(id, 'dispatch_accepted')
    expect(types(after)).toEqual(expect.arrayContaining(['dispatch_claimed', 'dispatch_accepted']))
    // GitHub named another: that is not the one any more.
    expect(after.waiting_for).toMatchObject({ kind: 'run', run_id: 42 })
    const other = namedRun(after)
    expect(await bot.claim(dispatch_id, other, frontend(other))).toMatchObject({
      status: 409,
      body: { code: 'claimed_by_another_run' },
    })
  })
})

describe('told to stop, and no event written, is', () => {
  test('whoever is not the one', async () => {
    const bot = await startJobService({ DEPLOYBOT_AUTH: 'local' })
    const { id, dispatch_id, run_id } = await underWay(bot)
    const refusal = async (dispatch: string, run: number, claims = frontend(run)) => {
      const { status, body } = await bot.claim(dispatch, run, claims)
      return [status, body.code]
    }
    const nobody = crypto.randomUUID()
    expect(await refusal(dispatch_id, run_id, frontend(run_id, { run_attempt: '2' }))).toEqual([
      409,
      'new_approval_needed',
    ])
    expect(await refusal(dispatch_id, run_id + 1)).toEqual([409, 'claimed_by_another_run'])
    expect(await refusal(dispatch_id, run_id, deployClaims(run_id))).toEqual([403, 'not_the_approved_workflow'])
    expect(await refusal(dispatch_id, run_id, frontend(run_id, { event_name: 'push' }))).toEqual([
      403,
      'not_the_approved_workflow',
    ])
    const evil = {
      repository: 'eve/shop',
      workflow_ref: 'eve/shop/.github/workflows/deploy-frontend.yml@refs/heads/main',
    }
    expect(await refusal(dispatch_id, run_id, frontend(run_id, evil))).toEqual([403, 'not_the_approved_workflow'])
    expect(await refusal(`${id}-1`, run_id)).toEqual([409, 'not_in_flight'])
    expect(await refusal(`${nobody}-4`, run_id)).toEqual([404, 'unknown_thread'])
    for (const odd of ['x', id, `${id}-0`, `${id}-x`, `${id}-1e3`, `${id}-9999999999`, `${id.toUpperCase()}-4`]) {
      expect(await refusal(odd, run_id)).toEqual([404, 'unknown_dispatch'])
    }
    expect(types(await bot.thread(id))).not.toContain('dispatch_claimed')
    await bot.post(`/threads/${id}/cancel`, {})
    expect(await refusal(dispatch_id, run_id)).toEqual([409, 'not_in_flight'])
  })

  test('a run that has ended', async () => {
    const bot = await startJobService()
    const id = await bot.launch(STAGING)
    const done = await bot.untilStatus(id, 'done')
    const seq = done.events.find(({ type }) => type === 'tool_started')?.seq
    const run_id = namedRun(done)
    expect(await bot.claim(`${id}-${seq}`, run_id, frontend(run_id))).toMatchObject({ body: { code: 'not_in_flight' } })
  })

  test('whoever is no job, or says more than its token', async () => {
    const bot = await startJobService()
    const { dispatch_id, run_id } = await underWay(bot)
    const path = `/dispatches/${dispatch_id}/claim`
    const token = await bot.issuer.token(frontend(run_id))
    const none = await bot.post(path, {})
    expect(none).toMatchObject({ status: 401, body: { code: 'unauthorized' } })
    expect((await bot.post(path, {}, bot.bearer('dbt_0123456789012345678901234567890123456789'))).status).toBe(401)
    expect((await bot.post(path, {}, bot.bearer(await bot.issuer.past()))).body.code).toBe('bad_oidc_token')
    for (const body of [{ run_id: 1 }, []]) {
      expect(await bot.post(path, body, bot.bearer(token))).toMatchObject({
        status: 400,
        body: { code: 'invalid_request' },
      })
    }
    expect((await bot.call(path, { method: 'POST', headers: bot.bearer(token) })).status).toBe(200)
  })
})

describe('for operators', () => {
  test('each claim is a line, with what became of it', async () => {
    const lines: { msg: string }[] = []
    const logger = pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) })
    const bot = await startJobService({}, [], onTestFinished, logger)
    const { id, dispatch_id, run_id } = await underWay(bot)
    await bot.claim(dispatch_id, run_id, frontend(run_id))
    await bot.claim(dispatch_id, run_id + 1, frontend(run_id + 1))
    const claims = lines.filter(({ msg }) => msg === 'dispatch claim')
    expect(claims).toMatchObject([
      { thread_id: id, dispatch_id, run_id: String(run_id), outcome: 'granted' },
      { thread_id: id, dispatch_id, run_id: String(run_id + 1), outcome: 'claimed_by_another_run' },
    ])
  })
})
