import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Conversation, Hosts } from './agent/ports.ts'
import type { Channels } from './channels/channels.ts'
import { createCommentChannel } from './channels/github-comment.ts'
import { createHumanLayerChannel } from './channels/humanlayer.ts'
import { createWebhookChannel } from './channels/webhook.ts'
import type { Config } from './config.ts'
import type { Cleanup } from './connect.ts'
import { connectMail } from './connect-mail.ts'
import { connectSlack } from './connect-slack.ts'
import type { Store } from './store/store.ts'
import { PERSONAL } from './thread/contact/ladder.ts'

interface Around {
  store: Store
  conversation: Pick<Conversation, 'say'>
  hosts: Hosts
  cleanups: Cleanup[]
  /** Whether a Slack stands in where none is configured. */
  sandboxSlack: boolean
}

/** Every way to people that is set up: how they are told, and how they are heard. */
export const connectPeople = async (config: Config, around: Around) => {
  const { store, conversation, hosts } = around
  const { publicUrl } = config.http
  const stand = await standInSlack(config, around)
  const slack = connectSlack(stand?.config ?? config, { pool: store.pool, threadAt: store.listing.threadAt, hosts })
  const { humanWebhookSecrets: secrets, webhookPrivateHosts: privateHosts, humanLayer } = config
  const channels: Channels = {
    webhook: createWebhookChannel({ secrets, privateHosts, publicUrl, hosts }),
    github_comment: createCommentChannel(conversation, publicUrl),
    ...(humanLayer ? { humanlayer: createHumanLayerChannel({ ...humanLayer, publicUrl, hosts }) } : {}),
    ...(slack ? { slack: slack.channel } : {}),
  }
  const mail = await connectMail(config, store, around.cleanups)
  const all: Channels = { ...channels, ...mail.channels }
  const parts = slack ? [`slack:    ${stand?.description ?? slack.description}`] : []
  return {
    channels: all,
    ways: PERSONAL.filter((way) => all[way] !== undefined),
    parts: [...parts, ...mail.parts],
    checked: [...(slack ? [{ ...slack.part, what: stand?.description ?? slack.description }] : []), ...mail.checked],
    sandboxUrl: stand?.url ?? null,
    edge: { slack: slack?.edge ?? null, ...mail.edge },
    listening: stand?.listening ?? (() => {}),
  }
}

/** Only beside the sandbox GitHub: where anything real can be deployed, a page on which one can click as anybody must not be. */
const standInSlack = async (config: Config, { cleanups, sandboxSlack }: Around) => {
  const { slack, github, http, auth, dataDir } = config
  if (!sandboxSlack || slack !== null || github !== null || auth !== 'local') return null
  const port = http.port === 0 ? 0 : http.port + 2
  const { startSandboxSlack } = await import('./sandbox/slack/server.ts')
  const sandbox = await startSandboxSlack({ port, stateFile: join(dataDir, 'sandbox-slack.json') })
  cleanups.push(sandbox.close)
  const signingSecret = randomBytes(32).toString('hex')
  const { botToken, apiUrl, description, url: ownUrl } = sandbox
  const listening = (url: string): void => {
    const [events, interactions, commands] = ['events', 'interactions', 'commands'].map(
      (kind) => `${url}/webhooks/slack/${kind}`,
    ) as [string, string, string]
    sandbox.setRequestUrls({ events, interactions, commands, signingSecret })
  }
  return {
    config: { ...config, slack: { signingSecret, botToken, app: null, apiUrl } },
    description,
    url: ownUrl,
    listening,
  }
}
