import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PoolConfig } from 'pg'
import { Client } from 'pg'
import { pino } from 'pino'
import { readConfig } from '../../src/config.ts'
import { startService } from '../../src/service.ts'
import type { Step } from '../../src/thread/step.ts'
import type { StoredEvent } from '../../src/thread/upcast.ts'
import { createApi } from '../support/service.ts'

const POLICY = `
repository: acme/shop
services:
  backend: { workflow: deploy-backend.yml, ref: main }
  frontend: { workflow: deploy-frontend.yml, ref: main }
environments:
  staging: { approvals: 0 }
  hurried: { approvals: 1, approvers: [local], self_approval: true, expires_after: 1s }
  production: { approvals: 1, approvers: [local], self_approval: true, after: staging }
people:
  local: {}
`

/** The real service with the sandboxes, the strings behind their stage, and a hand in the database. */
export const startBot = async (connection: PoolConfig) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'deploybot-corpus-'))
  const policy = join(dataDir, 'deploybot.yaml')
  await writeFile(policy, POLICY)
  const HUMAN_WEBHOOK_SECRET = `whsec_${Buffer.alloc(24, 'corpus').toString('base64')}`
  const config = readConfig({ PORT: '0', DEPLOYBOT_DATA: dataDir, DEPLOYBOT_CONFIG: policy, HUMAN_WEBHOOK_SECRET })
  const options = { database: { connection }, pace: { queued: 30, running: 60 }, sandboxSlack: false }
  const service = await startService(config, pino({ level: 'silent' }), options)
  const client = new Client(connection)
  await client.connect()
  const addressOf = (part: string): string =>
    /http:\/\/[\d.:]+/.exec(service.parts.find((line) => line.startsWith(part)) ?? '')?.[0] ?? ''
  const control = async (part: string, path: string, body: object, method = 'POST'): Promise<void> => {
    const headers = { 'content-type': 'application/json' }
    await fetch(`${addressOf(part)}/_sandbox/${path}`, { method, headers, body: JSON.stringify(body) })
  }
  return {
    ...createApi(() => service.url),
    /** Runs ask from now on whether they are the ones, before they touch anything. */
    fence: () => control('github', 'claims', { url: service.url, audience: config.http.publicUrl }, 'PUT'),
    github: (path: string, body: object, method?: string) => control('github', path, body, method),
    /** What the model says next; a text is said as it is. */
    says: (...replies: (Step | string)[]) =>
      control(
        'model',
        'replies',
        replies.map((reply) => ({ content: typeof reply === 'string' ? reply : JSON.stringify(reply) })),
      ),
    /** Lets time pass for one thread, by moving its past away. */
    later: async (id: string, minutes: number): Promise<void> => {
      await client.query('update events set at = at - make_interval(mins => $2) where thread_id = $1', [id, minutes])
      await client.query('update threads set wake_at = clock_timestamp() where id = $1', [id])
    },
    log: async (id: string): Promise<StoredEvent[]> => {
      const { rows } = await client.query(
        `select seq, type, schema_version, data, actor, thread_id,
          to_char(at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at
        from events where thread_id = $1 order by seq`,
        [id],
      )
      return rows
    },
    stop: async (): Promise<void> => {
      await client.end()
      await service.stop()
      await rm(dataDir, { recursive: true })
    },
  }
}

export type Bot = Awaited<ReturnType<typeof startBot>>
