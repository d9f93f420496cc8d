import { describe, expect, test } from 'vitest'
import { freePort } from '../support/free-port.ts'
import { says, startHost } from '../support/host.ts'
import { deployClaims, startIssuer } from '../support/issuer.ts'
import { type JobService, startJobService } from '../support/jobs.ts'
import { lacksRunnerPrograms } from '../support/programs.ts'
import { readAction, runAction } from '../support/runner.ts'
import { types } from '../support/service.ts'

const DISPATCH = `${'0'.repeat(8)}-0000-0000-0000-${'0'.repeat(12)}-4`

/** A run of backend to staging that was dispatched, and what its claim job is started with. */
const underWay = async (bot: JobService) => {
  await bot.holdRuns()
  const id = await bot.launch('deploy backend v1.2.3 to production')
  const { seq, sha } = await bot.untilAsked(id, 'approval')
  await bot.respond(id, seq, { approved: true })
  const { dispatch_id, run_id } = await bot.untilAsked(id, 'run')
  bot.issuer.job.claims = () => deployClaims(Number(run_id))
  const inputs = {
    url: `${bot.url()}/`,
    dispatch_id,
    service: 'backend',
    environment: 'production',
    tag: 'v1.2.3',
    sha,
  }
  return { id, run_id: Number(run_id), inputs }
}

describe.skipIf(lacksRunnerPrograms)('the claim action', () => {
  test('lets the approved run go on, and says what was approved', async () => {
    const bot = await startJobService()
    const { id, inputs } = await underWay(bot)
    const { code, said, outputs } = await runAction('claim', inputs, bot.issuer.runner)
    expect({ code, said }).toEqual({ code: 0, said: expect.stringContaining('approved by local') })
    const { url: _, ...approved } = inputs
    expect(outputs).toEqual({ ...approved, approved_by: 'local', thread_url: `${bot.url()}/threads/${id}` })
    expect(Object.keys((await readAction('claim')).outputs).sort()).toEqual(Object.keys(outputs).sort())
    expect(types(await bot.thread(id))).toContain('dispatch_claimed')
    expect(said.replace(/^::add-mask::.*$/gm, '')).not.toMatch(/eyJ/)
  })

  test('tells another run to stop', async () => {
    const bot = await startJobService()
    const { inputs, run_id } = await underWay(bot)
    bot.issuer.job.claims = () => deployClaims(run_id + 1)
    const { code, said, outputs } = await runAction('claim', inputs, bot.issuer.runner)
    expect({ code, outputs }).toEqual({ code: 1, outputs: {} })
    expect(said).toMatch(/^::error::deploybot says stop: claimed_by_another_run: /m)
  })

  test('tells a second attempt to stop', async () => {
    const bot = await startJobService()
    const { inputs, run_id } = await underWay(bot)
    bot.issuer.job.claims = () => deployClaims(run_id, { run_attempt: '2' })
    const { code, said } = await runAction('claim', inputs, bot.issuer.runner)
    expect({ code, said }).toEqual({ code: 1, said: expect.stringContaining('new_approval_needed') })
  })

  test.each(['service', 'environment', 'tag', 'sha'])('stops a run whose %s is not what was approved', async (name) => {
    const bot = await startJobService()
    const { inputs } = await underWay(bot)
    const { code, said } = await runAction('claim', { ...inputs, [name]: 'other' }, bot.issuer.runner)
    expect({ code, said }).toEqual({
      code: 1,
      said: expect.stringContaining(`::error::${name} is other; what was approved is`),
    })
  })

  test('does not try again what was refused', async () => {
    const host = await startHost(says(404, { code: 'unknown_thread', detail: 'none\n::set-output name=x::y' }))
    const issuer = await startIssuer(host.url)
    const { code, said } = await runAction('claim', { url: host.url, dispatch_id: DISPATCH }, issuer.runner)
    expect({ code, asked: host.asked() }).toEqual({ code: 1, asked: 1 })
    expect(said).toContain('does not let this run go on: unknown_thread')
    // Words of a server are no commands to the runner.
    expect(said).not.toMatch(/^::set-output/m)
  })

  test.each([
    ['is overloaded', 503],
    ['wants fewer requests', 429],
  ])('asks a few times where deploybot %s, and then stops the run', async (_, status) => {
    const host = await startHost(says(status, { code: 'x', detail: 'y' }))
    const issuer = await startIssuer(host.url)
    const { code, said } = await runAction(
      'claim',
      { url: host.url, dispatch_id: DISPATCH },
      { ...issuer.runner, DEPLOYBOT_TRIES: '3' },
    )
    expect({ code, asked: host.asked() }).toEqual({ code: 1, asked: 3 })
    expect(said).toContain('could not be asked, so nothing is deployed')
  })

  test('stops the run where deploybot is down, or says anything but what was approved', async () => {
    const nowhere = `http://127.0.0.1:${await freePort()}`
    const odd = await startHost(says(200, { service: 'backend' }))
    for (const url of [nowhere, odd.url]) {
      const issuer = await startIssuer(url)
      const { code, outputs } = await runAction(
        'claim',
        { url, dispatch_id: DISPATCH },
        { ...issuer.runner, DEPLOYBOT_TRIES: '2' },
      )
      expect({ code, tag: outputs['tag'] }).toEqual({ code: 1, tag: undefined })
    }
  })

  test('goes on where deploybot comes back in time', async () => {
    let asked = 0
    const answer = {
      dispatch_id: DISPATCH,
      service: 's',
      environment: 'e',
      tag: 't',
      sha: 'a',
      approved_by: [],
      thread_id: 'x',
    }
    const host = await startHost((request, response) => says(++asked < 3 ? 502 : 200, answer)(request, response))
    const issuer = await startIssuer(host.url)
    const { code, outputs } = await runAction('claim', { url: host.url, dispatch_id: DISPATCH }, issuer.runner)
    expect({ code, tag: outputs['tag'] }).toEqual({ code: 0, tag: 't' })
  })

  test('says what is missing', async () => {
    const issuer = await startIssuer('x')
    const job = { url: 'https://x.test', dispatch_id: DISPATCH }
    expect((await runAction('claim', job)).said).toContain('permissions: id-token: write')
    const refused = { ...issuer.runner, ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'wrong' }
    expect((await runAction('claim', job, refused)).said).toContain('GitHub gives this job no token (status 401)')
    expect((await runAction('claim', { ...job, url: '' }, issuer.runner)).said).toContain('::error::url has to be')
    expect((await runAction('claim', { ...job, dispatch_id: '../x' }, issuer.runner)).said).toContain(
      '::error::dispatch_id',
    )
  })
})
