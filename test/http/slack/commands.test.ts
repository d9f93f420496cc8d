import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { commandIn } from '../../../src/http/slack/command.ts'
import { eventually, openSlack, type Slack } from './support.ts'

describe('/deploybot', () => {
  test.each([
    ['', { do: 'help' }],
    [' help ', { do: 'help' }],
    ['status', { do: 'status' }],
    ['status of backend?', { do: 'launch', message: 'status of backend?' }],
    ['deploy backend v1 to staging', { do: 'launch', message: 'deploy backend v1 to staging' }],
    [
      'lock production 2h moving',
      { do: 'lock', environment: 'production', service: null, seconds: 7_200, reason: 'moving' },
    ],
    [
      'LOCK production backend 30m moving the database for 2h',
      {
        do: 'lock',
        environment: 'production',
        service: 'backend',
        seconds: 1_800,
        reason: 'moving the database for 2h',
      },
    ],
    ['lock production backend moving', { do: 'help' }],
    ['lock production backend 2h', { do: 'help' }],
    ['lock production back end 2h moving', { do: 'help' }],
    ['lock', { do: 'help' }],
    [
      'unlock production backend moved',
      { do: 'unlock', environment: 'production', service: 'backend', reason: 'moved' },
    ],
    [
      'unlock production it is moved',
      { do: 'unlock', environment: 'production', service: null, reason: 'it is moved' },
    ],
    ['unlock production backend', { do: 'help' }],
  ])('%j means %j', (text, command) => expect(commandIn(text, ['backend'])).toEqual(command))
})

describe('a command', () => {
  let slack: Slack
  beforeAll(async () => {
    slack = await openSlack(afterAll)
  })
  beforeEach(() => {
    slack.fake.responses.length = 0
  })
  afterEach(() => Object.assign(slack.trouble, { ms: 0, error: null }))

  /** What whoever typed it is told. */
  const told = async (text: string, more: Record<string, string> = {}) => {
    expect(await slack.command(text, more)).toEqual({ status: 200, body: '' })
    const [first] = await eventually(
      () => slack.fake.responses,
      ({ length }) => length > 0,
    )
    slack.fake.responses.length = 0
    expect(first?.response_type).toBe('ephemeral')
    return first?.text ?? ''
  }

  test('launches a thread that talks to the channel, once', async () => {
    const once = { trigger_id: '1.2.3' }
    expect(await told('deploy backend v1.2.3 to production', once)).toMatch(
      /^<https:\/\/bot.test\/threads\/[\w-]+\|On it: deploy/,
    )
    const { events } = await slack.newest()
    expect(events[0]).toMatchObject({
      actor: { kind: 'person', id: 'lead', via: 'slack' },
      data: { reply_to: { slack: { team: 'T01', channel: 'C01' } } },
    })
    const before = await slack.rows()
    await slack.command('deploy backend v1.2.3 to production', once)
    expect(await slack.rows()).toEqual(before)
  })

  test('locks and unlocks, and shows what is locked and under way', async () => {
    expect(await told('lock production backend 2h moving &lt;the&gt; database')).toContain(
      'Locked: backend on production',
    )
    expect((await slack.newest()).events.at(-1)).toMatchObject({
      type: 'environment_locked',
      data: { service: 'backend', environment: 'production', reason: 'moving <the> database' },
    })
    const status = await told('status')
    expect(status).toContain('locked: backend on production by lead: moving &lt;the&gt; database')
    expect(status).toContain('running: deploy backend v1.2.3 to production')
    expect(await told('unlock production it is moved')).toContain('Nothing locks all on production')
    expect(await told('unlock production backend it is moved')).toContain('Unlocked: backend on production')
    expect(await told('status')).not.toContain('locked')
  })

  test('that cannot be is refused politely', async () => {
    expect(await told('lock mars 2h reason')).toContain('there is no environment mars')
    expect(await told('lock production 2h reason', { user_id: 'U99' })).toMatch(
      /names nobody with the Slack account T01\/U99/,
    )
    expect(await told('status', { user_id: 'U99' })).toMatch(/names nobody/)
  })

  test('that is none says what there is', async () =>
    expect(await told('lock it')).toContain('/deploybot lock production'))

  test('from a workspace that did not install us is refused', async () => {
    const before = await slack.rows()
    expect(await slack.command('deploy', { team_id: 'T99' })).toMatchObject({
      status: 403,
      body: { code: 'unknown_workspace' },
    })
    expect(await slack.rows()).toEqual(before)
  })

  test('while the database is gone was not recorded, and says so', async () => {
    slack.trouble.error = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
    expect(await told('deploy backend')).toMatch(/NOT recorded/)
  })
})
