import type { Pool } from 'pg'
import type { Channel, FindWorkspace, Hosts, Part } from './agent/ports.ts'
import { createSlackChannel } from './channels/slack/channel.ts'
import { createSlackDesk } from './channels/slack/desk.ts'
import { createInstalls } from './channels/slack/installs.ts'
import { whoseToken, workspaceOfToken } from './channels/slack/workspace.ts'
import type { Config } from './config.ts'
import type { SlackEdge } from './http/deps.ts'
import { createSlackWorkspaces } from './store/slack-workspaces.ts'
import type { SlackAddress } from './thread/contact/address.ts'

interface Wiring {
  pool: Pool
  threadAt: SlackEdge['threadAt']
  hosts?: Hosts
}

/** Slack as it is set up: how people there are told, and how they are heard. Null: it is off. */
export const connectSlack = ({ slack, http }: Config, { pool, threadAt, hosts }: Wiring) => {
  if (slack === null) return null
  const { signingSecret, botToken, app } = slack
  const apiUrl = slack.apiUrl === null ? {} : { apiUrl: slack.apiUrl }
  const { publicUrl } = http
  const workspaces = app && createSlackWorkspaces(pool, app.clientSecret)
  const own = botToken === null ? null : workspaceOfToken(botToken, apiUrl.apiUrl)
  const find: FindWorkspace = async (team) => (await own?.(team)) ?? (await workspaces?.find(team)) ?? null
  const options = { find, publicUrl, ...apiUrl, ...(hosts ? { hosts } : {}) }
  const channel: Channel<{ slack: SlackAddress }> = createSlackChannel(options)
  const installs = app &&
    workspaces && { ...createInstalls({ app, workspaces, publicUrl, ...apiUrl }), secret: app.clientSecret }
  const edge: SlackEdge = { signingSecret, desk: createSlackDesk(options, channel), threadAt, installs }
  const ways = [
    botToken === null ? [] : ['the workspace of SLACK_BOT_TOKEN'],
    app ? ['those that install it'] : [],
  ].flat()
  const ask = async (token: string): Promise<string> =>
    `SLACK_BOT_TOKEN is of workspace ${(await whoseToken(token, apiUrl.apiUrl)).team}`
  const check = botToken === null ? null : () => ask(botToken)
  const part: Omit<Part, 'what'> = { name: 'Slack', pulse: 'slack', check }
  return {
    channel,
    edge,
    part,
    description: `${ways.join(' and ')}${slack.apiUrl === null ? '' : `, ${slack.apiUrl}`}`,
  }
}
