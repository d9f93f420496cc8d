import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Pool } from 'pg'
import { pino } from 'pino'
import { readConfig } from '../../src/config.ts'
import { startService } from '../../src/service.ts'
import { startEmbedded } from '../../src/store/embedded.ts'
import { buttonsOf, createSlackRoom, until, whole } from '../support/slack-room.ts'
import { median, quantile, rounds, table } from './report.ts'

// The sandbox's Slack beside the service and its Postgres, all on this machine: what Slack and the way to it cost comes on top.
const AT_ONCE = 200
const DECISIONS = 8 * rounds

const dataDir = await mkdtemp(join(tmpdir(), 'deploybot-bench-'))
const { connection, stop } = await startEmbedded({ dataDir, dieWithParent: true })
const service = await startService(
  readConfig({ PORT: '0', DEPLOYBOT_DATA: dataDir }, join(import.meta.dirname, '../..')),
  pino({ level: 'silent' }),
  { database: { connection }, pace: { queued: 0, running: 1 } },
)
const view = new Pool(connection)
const address =
  /http:\/\/127\.0\.0\.1:\d+/.exec(service.parts.find((line) => line.startsWith('slack')) ?? '')?.[0] ?? ''
const { slack, messages, mention } = createSlackRoom(() => ({ slack: () => address }))

/** From the yes to the last message that carried the question and now says so, by the database's clock. */
const decide = async (): Promise<number> => {
  const { id, card } = await mention('deploy backend v1.2.3 to production')
  await card()
  await until('both told', async () => (await messages('D01')).some((one) => whole(one).includes(id)))
  const thread = (await (await fetch(`${service.url}/threads/${id}`)).json()) as { waiting_for: { seq: number } }
  const body = JSON.stringify({ to: thread.waiting_for.seq, approved: true })
  const headers = { 'content-type': 'application/json' }
  await fetch(`${service.url}/threads/${id}/responses`, { method: 'POST', headers, body })
  await until('no button left', async () =>
    (await messages('D01')).every((one) => !whole(one).includes(id) || buttonsOf(one).length === 0),
  )
  const text = `select extract(epoch from max(c.at) - min(g.at)) * 1000 as ms from events g join events c using (thread_id)
    where thread_id = $1 and g.type = 'approval_given' and c.type = 'human_contacted' and (c.data->>'about')::int = $2
      and (c.data->>'to')::int >= g.seq`
  await sleep(50)
  const { rows } = await view.query({ text, values: [id, thread.waiting_for.seq] })
  return Number(rows[0]?.ms)
}

const updates: number[] = []
for (let i = 0; i < DECISIONS; i++) updates.push(await decide())

await slack('/log', undefined).catch(() => {})
const since = ((await slack('/deliveries')) as unknown[]).length
await Promise.all(
  Array.from({ length: AT_ONCE }, (_, i) =>
    slack('/say', { user: 'U02', channel: 'C01', text: `<@UBOT01> what is live? (${i})` }),
  ),
)
const acknowledged = await until('every event acknowledged', async () => {
  const all = ((await slack('/deliveries')) as { status: number | null; ms: number | null }[]).slice(since)
  return all.length >= AT_ONCE && all.every(({ ms }) => ms !== null) && all
})
const times = acknowledged.map(({ ms }) => ms ?? Number.NaN)
await service.stop()
await view.end()
await stop()
await rm(dataDir, { recursive: true, force: true })

table(
  'people: Slack and the service on one machine',
  ['', 'p50', 'p99'],
  [
    [
      `a decision to all messages of the question put right, ms (${DECISIONS})`,
      Math.round(median(updates)),
      Math.round(quantile(updates, 0.99)),
    ],
    [
      `acknowledging Slack, ${AT_ONCE} mentions at once, ms (${times.length} events)`,
      Math.round(median(times)),
      Math.round(quantile(times, 0.99)),
    ],
    ['of them not acknowledged with 200 at first', acknowledged.filter(({ status }) => status !== 200).length, ''],
  ],
)
