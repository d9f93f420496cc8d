import { createHmac, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { v7 as uuidv7 } from 'uuid'
import type { Door } from '../../../src/agent/ports.ts'
import { createSlackChannel } from '../../../src/channels/slack/channel.ts'
import { createSlackDesk } from '../../../src/channels/slack/desk.ts'
import { keyOf, type SlackAddress } from '../../../src/thread/contact/address.ts'
import { fold } from '../../../src/thread/evolve.ts'
import { indexRow } from '../../../src/thread/index-row.ts'
import type { Policy } from '../../../src/thread/policy.ts'
import { startApp } from '../../support/app.ts'
import { freshDatabase, query } from '../../support/postgres.ts'
import { startFakeSlack, WORKSPACE } from '../../support/slack.ts'
import { policy as plainPolicy, rules, story } from '../../thread/spec.ts'

export const SECRET = '8f742231b10e8888abcd99yyyzzz85a5'

const people = {
  ...plainPolicy.people,
  lead: { slack: 'T01/U01' },
  oncall: { slack: 'T01/U02' },
  dev: { slack: 'T01/U03' },
}
const LONG = 10 * 365 * 86_400
const environments = Object.fromEntries(
  Object.entries(plainPolicy.environments).map(([name, rule]) => [name, { ...rule, expires_after_seconds: LONG }]),
)
/** The rules of the specs, with people who have accounts at Slack and approvals that last. */
export const policy: Policy = { ...plainPolicy, people, environments }

export const nowS = (): number => Math.floor(Date.now() / 1000)

export const signed = (body: string, at = nowS(), secret = SECRET): Record<string, string> => ({
  'x-slack-request-timestamp': String(at),
  'x-slack-signature': `v0=${createHmac('sha256', secret).update(`v0:${at}:${body}`).digest('hex')}`,
})

type Steps = Parameters<typeof story>[0]

/** The HTTP edge with Slack set up: a real door and log, our own Slack adapter, and as much of Slack as it calls. */
export const openSlack = async (finished: (clean: () => Promise<void>) => void) => {
  const { connection, drop } = await freshDatabase()
  finished(drop)
  const fake = await startFakeSlack((clean) => finished(async () => clean()))
  const options = {
    find: async (team: string) => (team === WORKSPACE.team ? WORKSPACE : null),
    apiUrl: fake.apiUrl,
    publicUrl: 'https://bot.test',
  }
  const desk = createSlackDesk(options, createSlackChannel(options))
  const places = new Map<string, string>()
  // What a test makes of the database: slow, or gone.
  const trouble = { ms: 0, error: null as Error | null }
  const inTrouble = async <T>(act: (door: Door) => Promise<T>): Promise<T> => {
    const { ms, error } = trouble
    await sleep(ms)
    if (error) throw error
    return act(app.door)
  }
  const door: Door = {
    launch: (...args) => inTrouble((real) => real.launch(...args)),
    handle: (...args) => inTrouble((real) => real.handle(...args)),
    fork: (...args) => inTrouble((real) => real.fork(...args)),
    hint: (...args) => inTrouble((real) => real.hint(...args)),
  }
  const threadAt = async (key: string) => places.get(key) ?? null
  const app = await startApp(
    connection,
    { policy, door, publicUrl: 'https://bot.test', slack: { signingSecret: SECRET, desk, threadAt, installs: null } },
    finished,
  )

  const send = async (
    kind: 'events' | 'interactions' | 'commands',
    type: string,
    body: string,
    headers = signed(body),
  ) => {
    const url = `${app.url}/webhooks/slack/${kind}`
    const answer = await fetch(url, { method: 'POST', headers: { 'content-type': type, ...headers }, body })
    const text = await answer.text()
    return { status: answer.status, body: text && JSON.parse(text) }
  }
  const form = (fields: Record<string, string>) => new URLSearchParams(fields).toString()
  const FORM = 'application/x-www-form-urlencoded'
  const loaded = async (id: string) => (await app.store.log.load(id)).events
  const count = async (table: string) =>
    Number((await query(connection, `select count(*) from ${table}`))[0]?.['count'])

  return {
    ...app,
    fake,
    trouble,
    send,
    event: (payload: object) => send('events', 'application/json', JSON.stringify(payload)),
    interaction: (payload: object) => send('interactions', FORM, form({ payload: JSON.stringify(payload) })),
    command: (text: string, more: Record<string, string> = {}) =>
      send('commands', FORM, form({ ...typed(text, fake.responseUrl), ...more })),
    events: loaded,
    types: async (id: string) => (await loaded(id)).map(({ type }) => type),
    rows: async () => ({ deliveries: await count('deliveries'), events: await count('events') }),
    /** The id of the newest thread, and how it began. */
    newest: async () => {
      const [row] = (await app.store.listing.list({ limit: 1 })).threads
      if (!row) throw new Error('there is no thread')
      return { id: row.id, events: await loaded(row.id) }
    },
    /** A thread that has come this far, talked to at `address`. */
    plant: async (steps: Steps, address?: SlackAddress): Promise<string> => {
      const id = uuidv7()
      const events = story(steps, { ...rules, policy }).events.map((event) => ({ ...event, thread_id: id }))
      const state = fold(events)
      await app.store.log.append({
        thread_id: id,
        expected_version: 0,
        events,
        index: state && indexRow(state),
        hold: 'keep',
      })
      if (address) places.set(keyOf({ slack: address }), id)
      return id
    },
  }
}

export type Slack = Awaited<ReturnType<typeof openSlack>>

let count = 0
/** The name of a message or a click that was not there before. */
export const freshTs = (): string => `${nowS()}.${String(++count).padStart(6, '0')}`

const typed = (text: string, response_url: string) => ({
  team_id: 'T01',
  channel_id: 'C01',
  user_id: 'U01',
  command: '/deploybot',
  text,
  response_url,
  trigger_id: randomUUID(),
})

/** A message to a channel, as the Events API tells it. */
export const says = (text: string, more: object = {}, envelope: object = {}) => ({
  type: 'event_callback',
  team_id: 'T01',
  event_id: `Ev${randomUUID()}`,
  event_time: nowS(),
  event: { type: 'message', channel: 'C01', channel_type: 'channel', user: 'U01', text, ts: freshTs(), ...more },
  ...envelope,
})
export const mentions = (text: string, more: object = {}, envelope: object = {}) =>
  says(`<@UBOT> ${text}`, { type: 'app_mention', ...more }, envelope)

/** A click on a control of ours. */
export const clicks = (slack: Slack, action_id: string, target: object, more: object = {}, control: object = {}) => ({
  type: 'block_actions',
  team: { id: 'T01', domain: 'acme' },
  user: { id: 'U01', team_id: 'T01', name: 'lead' },
  trigger_id: randomUUID(),
  response_url: slack.fake.responseUrl,
  channel: { id: 'C01' },
  message: { ts: '17.000001' },
  actions: [{ type: 'button', action_id, value: JSON.stringify(target), action_ts: freshTs(), ...control }],
  ...more,
})

/** A dialog that was sent. */
export const submits = (callback_id: string, target: object, value: string | null, more: object = {}) => ({
  type: 'view_submission',
  team: { id: 'T01' },
  user: { id: 'U01', team_id: 'T01' },
  view: {
    id: `V${String(++count).padStart(8, '0')}`,
    callback_id,
    private_metadata: JSON.stringify(target),
    state: { values: { words: { words: { type: 'plain_text_input', value } } } },
  },
  ...more,
})

/** Comes back when it holds: what nobody waits for is looked for. */
export const eventually = async <T>(look: () => T | Promise<T>, holds: (found: T) => boolean): Promise<T> => {
  for (let tries = 0; ; tries++) {
    const found = await look()
    if (holds(found)) return found
    if (tries > 400) throw new Error(`never: ${JSON.stringify(found)}`)
    await sleep(20)
  }
}
