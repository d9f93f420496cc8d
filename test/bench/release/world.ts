import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Pool } from 'pg'
import { pino } from 'pino'
import { readConfig } from '../../../src/config.ts'
import { startService } from '../../../src/service.ts'
import { startEmbedded } from '../../../src/store/embedded.ts'
import type { Event } from '../../../src/thread/event.ts'

/** How a release went, in ms: its runs take no time here. */
export interface Release {
  /** From the merge to the first question. */
  asked: number
  /** From each yes to the dispatch that GitHub accepted, by the database's clock. */
  dispatched: number[]
  /** What was asked of GitHub, but for looking for merges and gates, which goes on all the time. */
  requests: number
}

interface Asked {
  method: string
  path: string
  at: string
}

const ROOT = join(import.meta.dirname, '../../..')
const LOOK_MS = 4
const PATIENCE_MS = 60_000
// So often that looking for merges costs little of what is measured; a real service hears of them by webhook, or looks once a minute.
const SWEEP_MS = 20
// Merges, and runs that wait at gates.
const SWEEPS = ['/pulls', '/actions/runs']

/** The service with the shipped deploybot.yaml, its sandboxes, and a Postgres of its own. */
export const startWorld = async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'deploybot-bench-'))
  const { connection, stop } = await startEmbedded({ dataDir, dieWithParent: true })
  const service = await startService(
    readConfig({ PORT: '0', DEPLOYBOT_DATA: dataDir }, ROOT),
    pino({ level: 'silent' }),
    {
      database: { connection },
      // Of a run that takes no time at all the stand-in records no deployment.
      pace: { queued: 0, running: 1 },
      sweepMs: SWEEP_MS,
      sandboxSlack: false,
    },
  )
  const github = /http:\/\/127\.0\.0\.1:\d+/.exec(service.parts.find((line) => line.startsWith('github')) ?? '')?.[0]
  const view = new Pool(connection)

  const control = async (method: string, path: string, body?: object): Promise<unknown> => {
    const json = body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
    return (await fetch(`${github}/_sandbox/${path}`, { method, ...json })).json()
  }
  const requests = async (): Promise<Asked[]> => (await control('GET', 'requests')) as Asked[]

  /** The first event of that type since then, in whatever thread; asks the database, so that watching costs the service nothing. */
  const until = async (type: Event['type'], since: number, after: number): Promise<Event> => {
    const text = `select thread_id, seq, extract(epoch from at) * 1000 as at from events
      where type = $1 and at >= to_timestamp($2::float8 / 1000) and seq > $3 order by at limit 1`
    for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await sleep(LOOK_MS)) {
      const { rows } = await view.query({ name: 'until', text, values: [type, since, after] })
      if (rows[0]) return { ...rows[0], at: Number(rows[0].at) } as Event
    }
    throw new Error(`no ${type} in time`)
  }

  /** Says yes, and sees it dispatched. */
  const approve = async ({ thread_id, seq }: Event): Promise<number> => {
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ to: seq, approved: true })
    await fetch(`${service.url}/threads/${thread_id}/responses`, { method: 'POST', headers, body })
    const text = `select extract(epoch from min(d.at) - min(g.at)) * 1000 as ms from events g join events d using (thread_id)
      where thread_id = $1 and g.type = 'approval_given' and g.seq > $2 and d.type = 'dispatch_accepted' and d.seq > g.seq`
    for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await sleep(LOOK_MS)) {
      const { rows } = await view.query({ name: 'dispatched', text, values: [thread_id, seq] })
      if (rows[0]?.ms !== null) return Number(rows[0].ms)
    }
    throw new Error(`no dispatch of what was approved at ${seq}`)
  }

  /** One merge, with a yes for each of its services, to its end. */
  const release = async (services: number): Promise<Release> => {
    await control('DELETE', 'requests')
    const merged = Date.now()
    await control('POST', 'merges', {})
    const first = await until('approval_requested', merged, 0)
    const dispatched: number[] = []
    for (let question = first; ; question = await until('approval_requested', merged, question.seq)) {
      dispatched.push(await approve(question))
      if (dispatched.length === services) break
    }
    await until('release_finished', merged, 0)
    const sent = (await requests()).filter(({ path }) => !SWEEPS.some((sweep) => path.endsWith(sweep)))
    return { asked: Number(first.at) - merged, dispatched, requests: sent.length }
  }

  return {
    release,
    control,
    requests,
    async close(): Promise<void> {
      await service.stop()
      await view.end()
      await stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
