import { describe, expect, test } from 'vitest'
import { says, startHost } from '../support/host.ts'
import { jobClaims, startIssuer } from '../support/issuer.ts'
import { type JobService, startJobService } from '../support/jobs.ts'
import { query } from '../support/postgres.ts'
import { lacksRunnerPrograms } from '../support/programs.ts'
import { leftBy, readAction, runAction, startAction } from '../support/runner.ts'

const PRODUCTION = 'deploy backend v1.2.3 to production'

const ask = (bot: JobService, message = PRODUCTION, more = {}) =>
  startAction('launch', { url: bot.url(), message, ...more }, bot.issuer.runner)

/** The thread that a waiting action has launched, once it says so. */
const launchedBy = async ({ said }: { said: () => string }): Promise<string> => {
  await expect.poll(() => /\/threads\/([0-9a-f-]{36})/.exec(said())?.[1], { timeout: 20_000 }).toBeTruthy()
  return /\/threads\/([0-9a-f-]{36})/.exec(said())?.[1] ?? ''
}

describe.skipIf(lacksRunnerPrograms)('the launch action', () => {
  test('launches as its job, and returns at once where it is not to wait', async () => {
    const bot = await startJobService()
    const inputs = { url: bot.url(), message: PRODUCTION, context: '{"build":"42"}' }
    const { code, outputs, summary } = await runAction('launch', inputs, bot.issuer.runner)
    expect(code).toBe(0)
    const { events } = await bot.thread(outputs['thread_id'] ?? '')
    expect(events[0]).toMatchObject({
      actor: { kind: 'caller', via: 'github actions run 123' },
      data: { context: { build: '42' } },
    })
    expect(Object.keys(outputs).sort()).toEqual(Object.keys((await readAction('launch')).outputs).sort())
    expect(summary).toContain(`[thread](${bot.url()}/threads/${outputs['thread_id']})`)
  })

  test('waits for the end, says each new status once, and sums up who approved what', async () => {
    const bot = await startJobService()
    const action = await ask(bot, PRODUCTION, { wait: 'true' })
    const id = await launchedBy(action)
    const { seq, sha } = await bot.untilAsked(id, 'approval')
    await expect.poll(action.said, { timeout: 20_000 }).toContain('awaiting_approval:')
    await bot.respond(id, seq, { approved: true })
    expect(await action.code).toBe(0)
    const told = [...action.said().matchAll(/^(\w+): http/gm)].map(([, status]) => status)
    expect(told.at(-1)).toBe('done')
    expect(told.filter((status, i) => status === told[i - 1])).toEqual([])
    const { outputs, summary } = await leftBy(action)
    expect(outputs).toMatchObject({ thread_id: id, status: 'done' })
    expect(summary).toContain(
      `| backend v1.2.3 | \`${sha.slice(0, 7)}\` | production | approved by local | [success](http`,
    )
  })

  test('uses a new token now and then while it waits', async () => {
    const bot = await startJobService()
    const action = await startAction(
      'launch',
      { url: bot.url(), message: PRODUCTION, wait: 'true' },
      {
        ...bot.issuer.runner,
        DEPLOYBOT_TOKEN_SECONDS: '0',
      },
    )
    const id = await launchedBy(action)
    await expect.poll(() => action.said().match(/add-mask/g)?.length, { timeout: 20_000 }).toBeGreaterThan(3)
    await bot.post(`/threads/${id}/cancel`, {})
    expect(await action.code).toBe(1)
  })

  test('that comes again in the same attempt gets the same thread', async () => {
    const bot = await startJobService()
    const run = async (message: string, env = {}) =>
      (await runAction('launch', { url: bot.url(), message }, { ...bot.issuer.runner, ...env })).outputs['thread_id']
    const first = await run(PRODUCTION)
    expect(await run(PRODUCTION)).toBe(first)
    expect(await run('deploy frontend v1.2.3 to production')).not.toBe(first)
    expect(await run(PRODUCTION, { GITHUB_RUN_ATTEMPT: '2' })).not.toBe(first)
    expect(await query(bot.database.connection, 'select id from threads')).toHaveLength(3)
  })
})

describe.skipIf(lacksRunnerPrograms)('the launch action fails', () => {
  test('where it was cancelled', async () => {
    const bot = await startJobService()
    const action = await ask(bot, PRODUCTION, { wait: 'true' })
    await bot.post(`/threads/${await launchedBy(action)}/cancel`, {})
    expect(await action.code).toBe(1)
    expect(action.said()).toMatch(/^::error::it is cancelled/m)
    expect((await leftBy(action)).outputs['status']).toBe('cancelled')
  })

  test('where the deployment failed', async () => {
    const bot = await startJobService()
    await bot.control('runs/next', 'POST', { conclusion: 'failure' })
    const action = await ask(bot, 'deploy frontend v1.2.3 to staging', { wait: 'true' })
    const id = await launchedBy(action)
    const { seq, options } = await bot.untilAsked(id, 'human_input')
    const stop = options.choices.find((choice) => /stop|nothing|leave/i.test(choice)) ?? options.choices.at(-1)
    await bot.respond(id, seq, { choice: stop })
    expect(await action.code).toBe(1)
    expect(action.said()).toMatch(/^::error::frontend v1\.2\.3 on staging: failure/m)
    expect((await leftBy(action)).summary).toMatch(/\| policy asks nobody \| \[failure\]/)
  })

  test('where time is up, and what was asked for goes on', async () => {
    const bot = await startJobService()
    const action = await ask(bot, PRODUCTION, { wait: 'true', timeout: '2' })
    expect(await action.code).toBe(1)
    expect(action.said()).toMatch(/^::error::it is still \w+ after 2 s, and goes on without this job/m)
    const { outputs, summary } = await leftBy(action)
    expect(summary).toContain('Deploybot')
    expect((await bot.thread(outputs['thread_id'] ?? '')).status).not.toBe('cancelled')
  })

  test.each(['SIGTERM', 'SIGINT'] as const)('at once on %s, and says that the thread goes on', async (signal) => {
    const bot = await startJobService()
    const action = await ask(bot, PRODUCTION, { wait: 'true' })
    const id = await launchedBy(action)
    await expect.poll(action.said, { timeout: 20_000 }).toContain('awaiting_approval:')
    const at = performance.now()
    action.signal(signal)
    expect(await action.code).toBe(143)
    expect(performance.now() - at).toBeLessThan(5_000)
    expect(action.said()).toContain('::warning::This job no longer waits')
    expect((await leftBy(action)).summary).toContain('waits for lead, oncall, local')
    expect((await bot.thread(id)).status).toBe('awaiting_approval')
  })

  test('where the job is not listed', async () => {
    const bot = await startJobService()
    bot.issuer.job.claims = () => jobClaims({ ref: 'refs/heads/x' })
    const { code, said } = await runAction('launch', { url: bot.url(), message: PRODUCTION }, bot.issuer.runner)
    expect({ code, said }).toEqual({
      code: 1,
      said: expect.stringContaining('::error::deploybot refuses: job_not_allowed'),
    })
  })

  test('where what it is given makes no sense, before it asks', async () => {
    const host = await startHost(says(500))
    const issuer = await startIssuer(host.url)
    const given = { url: host.url, message: PRODUCTION }
    for (const [wrong, word] of [
      [{ message: ' ' }, 'message'],
      [{ url: 'deploybot' }, 'url'],
      [{ timeout: '1h' }, 'timeout'],
      [{ wait: 'yes' }, 'wait'],
      [{ context: '[1]' }, 'context'],
      [{ context: '{' }, 'context'],
    ] as const) {
      const { code, said } = await runAction('launch', { ...given, ...wrong }, issuer.runner)
      expect({ code, said }).toEqual({ code: 1, said: expect.stringContaining(`::error::${word}`) })
    }
    expect(host.asked()).toBe(0)
  })

  test('after some tries, where deploybot is down', async () => {
    const host = await startHost(says(503, { code: 'x', detail: 'y' }))
    const issuer = await startIssuer(host.url)
    const job = { ...issuer.runner, DEPLOYBOT_TRIES: '3' }
    const { code, said } = await runAction('launch', { url: host.url, message: PRODUCTION }, job)
    expect({ code, asked: host.asked() }).toEqual({ code: 1, asked: 3 })
    expect(said).toContain('could not be asked')
  })
})
