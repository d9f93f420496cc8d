import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { SCOPES } from '../../src/channels/slack/scopes.ts'
import { workspaceOfToken } from '../../src/channels/slack/workspace.ts'
import { startFakeSlack } from '../support/slack.ts'

const ROOT = join(import.meta.dirname, '../..')
const manifest = parse(readFileSync(join(ROOT, '.github/examples/slack-app.yml'), 'utf8'))

/** All that the sources of a folder hold. */
const sourcesIn = (folder: string): string =>
  readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => readFileSync(join(ROOT, folder, name), 'utf8'))
    .join('\n')

const SLACK = 'https://deploybot.example.com'
const OF_METHOD: Record<string, string[]> = {
  'chat.postMessage': ['chat:write', 'chat:write.public'],
  'chat.update': ['chat:write'],
  'chat.postEphemeral': ['chat:write'],
  'conversations.open': ['im:write'],
  'conversations.history': ['channels:history', 'groups:history', 'im:history'],
  'conversations.replies': ['channels:history', 'groups:history', 'im:history'],
  'views.open': [],
  'auth.test': [],
  'oauth.v2.access': [],
}
const OF_EVENT: Record<string, string[]> = {
  app_mention: ['app_mentions:read'],
  'message.channels': ['channels:history'],
  'message.groups': ['groups:history'],
  'message.im': ['im:history'],
  app_uninstalled: [],
  tokens_revoked: [],
}

test("the app's manifest names the routes that there are", () => {
  const { slash_commands } = manifest.features
  const { event_subscriptions, interactivity } = manifest.settings
  const named = [
    ...slash_commands.map(({ url }: { url: string }) => url),
    event_subscriptions.request_url,
    interactivity.request_url,
    ...manifest.oauth_config.redirect_urls,
  ].map((url: string) => url.replace(SLACK, ''))
  const routes = [...sourcesIn('src/http/routes').matchAll(/'(\/(?:webhooks\/slack|slack)\/[a-z]+)'/g)].map(
    ([, path]) => path,
  )
  expect(new Set([...named, '/slack/install'])).toEqual(new Set(routes))
  expect(slash_commands).toMatchObject([{ command: '/deploybot', should_escape: false }])
})

test("the app's manifest asks for what the code calls and hears, and for nothing more", () => {
  const events: string[] = manifest.settings.event_subscriptions.bot_events
  const calls = [
    ...sourcesIn('src/channels/slack').matchAll(/\b((?:chat|conversations|views|auth|oauth|users)(?:\.\w+)+)\(/g),
  ]
  const methods = new Set(calls.map(([, method]) => method ?? ''))
  expect([...methods].sort()).toEqual(Object.keys(OF_METHOD).sort())
  expect([...events].sort()).toEqual(Object.keys(OF_EVENT).sort())
  const needed = [...methods].flatMap((method) => OF_METHOD[method] ?? [])
  const heard = events.flatMap((event) => OF_EVENT[event] ?? [])
  expect(new Set(manifest.oauth_config.scopes.bot)).toEqual(new Set([...needed, ...heard, 'commands']))
  expect(manifest.oauth_config.scopes.bot).toEqual(SCOPES)
  expect(manifest.settings).toMatchObject({ socket_mode_enabled: false, token_rotation_enabled: false })
})

test('of a token alone Slack says once which workspace it is, and is asked again while it does not answer', async () => {
  const slack = await startFakeSlack()
  const find = workspaceOfToken('xoxb-1', slack.apiUrl)
  const whose = { body: { ok: true, team_id: 'T01', user_id: 'UBOT' } }
  slack.script('auth.test', 'cut', whose, { body: { ok: false, error: 'invalid_auth' } })
  await expect(find('T01')).rejects.toThrow()
  expect(await find('T01')).toEqual({ team: 'T01', token: 'xoxb-1', bot_user: 'UBOT' })
  expect(await find('T02')).toBeNull()
  expect(slack.calls).toHaveLength(2)
})
