import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { connectSlack } from '../../src/connect-slack.ts'
import { isState, stateFor } from '../../src/http/slack/state.ts'
import { createPool } from '../../src/store/pool.ts'
import { createSlackWorkspaces } from '../../src/store/slack-workspaces.ts'
import { mentions, SECRET, signed } from '../http/slack/support.ts'
import { startApp } from '../support/app.ts'
import { freshDatabase } from '../support/postgres.ts'
import { startFakeSlack } from '../support/slack.ts'

const CLIENT_SECRET = 'the-secret-of-the-slack-app'
const TOKEN = 'xoxb-of-the-second-workspace'

const start = async (env: NodeJS.ProcessEnv) => {
  const { connection, drop } = await freshDatabase()
  afterAll(drop)
  const pool = createPool(connection)
  const fake = await startFakeSlack((clean) => afterAll(clean))
  const settings = { SLACK_SIGNING_SECRET: SECRET, SLACK_API_URL: fake.apiUrl, PUBLIC_URL: 'https://bot.test', ...env }
  const config = readConfig(settings, join(import.meta.dirname, '../..'))
  const slack = connectSlack(config, { pool, threadAt: async () => null })
  if (!slack) throw new Error('Slack is off')
  const app = await startApp(connection, { slack: slack.edge }, (clean) => afterAll(clean))
  afterAll(() => pool.end())
  const event = async (payload: object) => {
    const body = JSON.stringify(payload)
    const headers = { 'content-type': 'application/json', ...signed(body) }
    return (await fetch(`${app.url}/webhooks/slack/events`, { method: 'POST', headers, body })).status
  }
  const visit = async (path: string) => {
    const answer = await fetch(`${app.url}${path}`, { redirect: 'manual' })
    return { status: answer.status, location: answer.headers.get('location') ?? '', text: await answer.text() }
  }
  return { ...app, pool, fake, slack, event, visit }
}

const agreed = (more: object = {}) => ({
  body: { ok: true, access_token: TOKEN, bot_user_id: 'UBOT', team: { id: 'T02', name: 'Acme <2>' }, ...more },
})

describe('a workspace that installs the Slack app', () => {
  let it: Awaited<ReturnType<typeof start>>
  beforeAll(async () => {
    it = await start({ SLACK_CLIENT_ID: '12.34', SLACK_CLIENT_SECRET: CLIENT_SECRET })
  })
  beforeEach(() => {
    it.fake.calls.length = 0
  })
  const rows = async () => (await it.pool.query('select * from slack_workspaces')).rows
  const began = async () => new URL((await it.visit('/slack/install')).location)
  const back = async (query = 'code=12.34.abc') =>
    it.visit(`/slack/oauth?${query}&state=${(await began()).searchParams.get('state')}`)

  test('is asked on a page of Slack, for what the code needs', async () => {
    const page = await began()
    expect(page.pathname).toBe('/oauth/v2/authorize')
    expect(Object.fromEntries(page.searchParams)).toMatchObject({
      client_id: '12.34',
      redirect_uri: 'https://bot.test/slack/oauth',
      scope: expect.stringContaining('chat:write'),
    })
  })

  test('is heard and told from then on, and its token lies nowhere in plain text', async () => {
    const elsewhere = { team_id: 'T02' }
    expect(await it.event(mentions('deploy', {}, elsewhere))).toBe(403)
    it.fake.script('oauth.v2.access', agreed())
    expect(await back()).toMatchObject({ status: 200, text: expect.stringContaining('Installed in Acme &#60;2&#62;') })
    expect(it.fake.of('oauth.v2.access')[0]?.args).toMatchObject({
      code: '12.34.abc',
      redirect_uri: 'https://bot.test/slack/oauth',
    })
    expect(await it.event(mentions('deploy', {}, elsewhere))).toBe(200)
    await it.slack.edge.desk.whisper({ team: 'T02', channel: 'C01', user: 'U01' }, [{ words: 'hello' }])
    expect(it.fake.of('chat.postEphemeral')[0]?.token).toBe(TOKEN)
    const [row] = await rows()
    expect(row.sealed_token.toString('latin1')).not.toContain('xoxb')
    expect(JSON.stringify(row)).not.toContain(TOKEN)
  })

  test('again has its new token at once', async () => {
    it.fake.script('oauth.v2.access', agreed({ access_token: 'xoxb-new' }))
    await back()
    expect(await it.slack.edge.desk.find('T02')).toMatchObject({ token: 'xoxb-new' })
    expect(await rows()).toHaveLength(1)
  })

  test('that removes it is forgotten', async () => {
    it.fake.script('oauth.v2.access', agreed())
    await back()
    const leaves = { ...mentions('', {}, { team_id: 'T02' }), event: { type: 'app_uninstalled' } }
    expect(await it.event(leaves)).toBe(200)
    expect(await rows()).toEqual([])
    expect(await it.event(leaves)).toBe(403)
  })

  test.each<[string, string, number, string]>([
    ['did not agree', 'error=access_denied', 403, 'not_agreed'],
    ['sent something else', 'code=%3Cscript%3E', 400, 'invalid_request'],
  ])('that %s is not there', async (_, query, status, code) => {
    const answer = await back(query)
    expect([answer.status, JSON.parse(answer.text).code]).toEqual([status, code])
    expect(await rows()).toEqual([])
  })

  test.each([
    [{ body: { ok: false, error: 'code_already_used' } }, /code_already_used/],
    [agreed({ team: null, is_enterprise_install: true }), /no token of one workspace/],
    [agreed({ expires_in: 43_200 }), /token rotation/],
  ])('for which Slack gives no token that lasts is not there: %j', async (answer, words) => {
    it.fake.script('oauth.v2.access', answer)
    expect(await back()).toMatchObject({ status: 422, text: expect.stringMatching(words) })
    expect(await rows()).toEqual([])
  })

  test.each(['', 'x', '99999999999.x'])('with a state that is none of ours (%j) is not there', async (state) => {
    expect((await it.visit(`/slack/oauth?code=1.2.abc&state=${state}`)).status).toBe(403)
    expect(it.fake.calls).toEqual([])
  })

  test('was begun at most ten minutes ago, with our secret', () => {
    const state = stateFor(CLIENT_SECRET, 0)
    expect(isState(state, CLIENT_SECRET, 599_000)).toBe(true)
    expect(isState(state, CLIENT_SECRET, 601_000)).toBe(false)
    expect(isState(state, 'another secret', 0)).toBe(false)
    expect(isState(state.replace(/^\d+/, '9999999999'), CLIENT_SECRET, 0)).toBe(false)
  })

  test("opens with the app's secret alone, and only as itself", async () => {
    const mine = createSlackWorkspaces(it.pool, CLIENT_SECRET)
    await mine.save({ team: 'T05', token: TOKEN, bot_user: 'UBOT', name: 'Five' })
    await mine.save({ team: 'T06', token: 'xoxb-6', bot_user: 'UBOT', name: 'Six' })
    expect(await mine.find('T05')).toEqual({ team: 'T05', token: TOKEN, bot_user: 'UBOT' })
    expect(await createSlackWorkspaces(it.pool, 'another secret of an app').find('T05')).toBeNull()
    await it.pool.query(
      `update slack_workspaces set sealed_token = (select sealed_token from slack_workspaces where team = 'T05') where team = 'T06'`,
    )
    expect(await mine.find('T06')).toBeNull()
    await mine.remove('T05')
    await mine.remove('T06')
  })
})

describe('the workspace of SLACK_BOT_TOKEN', () => {
  test('is the one that is heard, and there is nothing to install', async () => {
    const it = await start({ SLACK_BOT_TOKEN: 'xoxb-1' })
    it.fake.script('auth.test', 'cut', { body: { ok: true, team_id: 'T01', user_id: 'UBOT' } })
    const payload = mentions('deploy')
    // Slack does not answer yet: the event is sent again.
    expect(await it.event(payload)).toBe(503)
    expect(await it.event(payload)).toBe(200)
    expect(await it.event(mentions('deploy', {}, { team_id: 'T02' }))).toBe(403)
    expect((await it.visit('/slack/install')).status).toBe(404)
    expect(it.slack.description).toMatch(/^the workspace of SLACK_BOT_TOKEN, http/)
  })
})
