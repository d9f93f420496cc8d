import { WebClient } from '@slack/web-api'
import { expect, test } from 'vitest'
import { clientOf, open, refusalOf } from './support.ts'

const redirect_uri = 'http://127.0.0.1:9/slack/oauth'
const client_id = 'sandbox'

test('an installation ends with the token of the workspace that was chosen', async () => {
  const { sandbox } = await open()
  const asked = new URLSearchParams({ client_id, redirect_uri, state: 's1', scope: 'chat:write' })
  const page = await fetch(`${sandbox.url}/oauth/v2/authorize?${asked}`)
  expect(await page.text()).toContain('Allow in Globex')
  const allowed = await fetch(`${sandbox.url}/oauth/v2/authorize?${asked}&allow=T02`, { redirect: 'manual' })
  const back = new URL(allowed.headers.get('location') ?? '')
  expect(back.searchParams.get('state')).toBe('s1')
  const code = back.searchParams.get('code') ?? ''
  const client = new WebClient(undefined, { slackApiUrl: sandbox.apiUrl })
  const given = await client.oauth.v2.access({ client_id, client_secret: 'sandbox', code })
  expect(given).toMatchObject({ team: { id: 'T02' }, bot_user_id: 'UBOT02', token_type: 'bot' })
  expect(await clientOf(sandbox, given.access_token).auth.test()).toMatchObject({ team_id: 'T02' })
  const exchange = (more: object) => client.oauth.v2.access({ client_id, client_secret: 'sandbox', code, ...more })
  expect((await refusalOf(exchange({}))).error).toBe('code_already_used')
  expect((await refusalOf(exchange({ code: 'x' }))).error).toBe('invalid_code')
  expect((await refusalOf(exchange({ client_secret: 'x' }))).error).toBe('bad_client_secret')
  expect((await refusalOf(exchange({ client_id: 'x' }))).error).toBe('invalid_client_id')
})
