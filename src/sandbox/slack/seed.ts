import type { Conversation, Person, State, Workspace } from './state.ts'

/** The app is the same everywhere; a workspace has its own bot and its own token. */
export const app = { id: 'A01', name: 'deploybot', token: 'sandbox-verification' }

/** Two companies, so that nobody takes a person's id for unique over all of Slack. */
export const seed = (now: number): State => ({
  version: 1,
  next: 1,
  last_ts: '0.000000',
  workspaces: [workspace('T01', 'acme', 'Acme'), workspace('T02', 'globex', 'Globex')],
  people: [
    person('T01', 'U01', 'shop-lead', 'Maya Lindqvist', 'lead@acme.test'),
    person('T01', 'U02', 'tomas', 'Tomás Rey', 'tomas@acme.test'),
    person('T01', 'U03', 'aiko', 'Aiko Tanabe', 'aiko@acme.test'),
    person('T02', 'U21', 'hank', 'Hank Scorpio', 'hank@globex.test'),
    person('T02', 'U22', 'maya', 'Maya Lindqvist', 'maya@globex.test'),
    bot('T01'),
    bot('T02'),
  ],
  conversations: [
    channel('T01', 'C01', 'deploys', ['U01', 'U02', 'U03', botOf('T01')], now),
    channel('T01', 'C02', 'backend', ['U01', 'U02', botOf('T01')], now),
    channel('T01', 'C03', 'random', ['U01', 'U02', 'U03'], now),
    channel('T02', 'C21', 'deploys', ['U21', 'U22', botOf('T02')], now),
  ],
  messages: [],
  views: [],
  triggers: [],
  response_urls: [],
})

const botOf = (team: string): string => `UBOT${team.slice(1)}`

const workspace = (id: string, domain: string, name: string): Workspace => ({
  id,
  domain,
  name,
  bot: { user: botOf(id), bot_id: `B${id.slice(1)}`, token: `xoxb-sandbox-${id}` },
})

const person = (team: string, id: string, name: string, real_name: string, email: string | null): Person => ({
  id,
  team,
  name,
  real_name,
  email,
})

const bot = (team: string): Person => person(team, botOf(team), app.name, 'Deploybot', null)

const channel = (team: string, id: string, name: string, members: string[], now: number): Conversation => ({
  id,
  team,
  name,
  im: false,
  members,
  created: Math.floor(now / 1000),
})
