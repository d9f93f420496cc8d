import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Pool } from 'pg'
import { startSandboxGitHub } from '../../../src/sandbox/github/server.ts'
import { startSandboxModel } from '../../../src/sandbox/model/server.ts'
import { startEmbedded } from '../../../src/store/embedded.ts'
import type { Event } from '../../../src/thread/event.ts'
import { startReplica } from '../../faults/support/replica.ts'
import { watchLog } from './watch-log.ts'

/** How long the parts of one deployment took, in ms, by the database's own clock. */
export interface Deployment {
  asked: number
  dispatched: number
}

const SECRET = 'a-github-webhook-secret'

// Enough services that deployments in flight do not meet: in one place they would go one after the other. The end-to-end workflow runs
// and records no deployment, so that what is live stays as it is, and approvals do not void each other.
const MANY = 128
const rulesWith = (services: string[]): string => `repository: acme/shop
services:
${services.map((name) => `  ${name}: { workflow: e2e.yml }`).join('\n')}
environments:
  staging: { approvals: 0 }
  production: { approvals: 1, approvers: [local], self_approval: true }
people:
  local: {}
`

/** Postgres and the stand-ins in this process, and as many processes of the service as are wanted. */
export const startWorld = async (services = MANY) => {
  const names = Array.from({ length: services }, (_, i) => `shop-${i}`)
  const dataDir = await mkdtemp(join(tmpdir(), 'deploybot-bench-'))
  const { connection, stop } = await startEmbedded({ dataDir, dieWithParent: true })
  await writeFile(join(dataDir, 'deploybot.yaml'), rulesWith(names))
  const pace = { queued: 0, running: 0 }
  const github = await startSandboxGitHub({ port: 0, pace })
  const model = await startSandboxModel()
  const view = new Pool(connection)
  const env = {
    DATABASE_URL: `postgresql:///${connection.database}?host=${connection.host}&user=${connection.user}`,
    DEPLOYBOT_DATA: dataDir,
    DEPLOYBOT_CONFIG: join(dataDir, 'deploybot.yaml'),
    GITHUB_TOKEN: 'sandbox',
    GITHUB_API_URL: github.url,
    GITHUB_WEBHOOK_SECRET: SECRET,
    GITHUB_PACE_WRITES: 'off',
    LLM_PROVIDER: 'openai-generic',
    LLM_MODEL: 'sandbox-planner',
    LLM_API_KEY: 'sandbox',
    LLM_BASE_URL: model.url,
    LOG_LEVEL: 'silent',
  }
  let replicas: Awaited<ReturnType<typeof startReplica>>[] = []
  let turn = 0
  let asked = 0
  const url = (): string => replicas[turn++ % replicas.length]?.state.url ?? ''

  /** Ends those that run and starts so many; their process ids. */
  const run = async (count: number): Promise<number[]> => {
    for (const replica of replicas) replica.terminate()
    await Promise.all(replicas.map(({ ended }) => ended))
    replicas = await Promise.all(Array.from({ length: count }, () => startReplica(env)))
    github.setWebhook({ url: `${replicas[0]?.state.url}/webhooks/github`, secret: SECRET })
    return replicas.map(({ pid }) => pid)
  }

  const post = async (path: string, body: object) => {
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(`${url()}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    return { status: answer.status, body: (await answer.json()) as { id: string } }
  }

  const watch = watchLog(view)
  const { until } = watch

  const ask = async (): Promise<string> => {
    const service = names[asked++ % services]
    const { body } = await post('/threads', { message: `deploy ${service} v1.2.3 to production` })
    await until(body.id, 'approval_requested')
    return body.id
  }

  /** Says yes to what the thread asks, and sees it through. */
  const approve = async (id: string): Promise<Deployment> => {
    const question = await until(id, 'approval_requested')
    const { status } = await post(`/threads/${id}/responses`, { to: question.seq, approved: true })
    if (status !== 202) throw new Error(`an approval was answered ${status}`)
    await until(id, 'done_for_now')
    const { rows } = await view.query<{ type: Event['type']; at: Date }>({
      name: 'times',
      text: 'select type, max(at) as at from events where thread_id = $1 group by type',
      values: [id],
    })
    const between = (earlier: Event['type'], later: Event['type']): number => {
      const [from, to] = [earlier, later].map(
        (type) => rows.find((row) => row.type === type)?.at.getTime() ?? Number.NaN,
      )
      return Math.round((to ?? 0) - (from ?? 0))
    }
    return {
      asked: between('thread_launched', 'approval_requested'),
      dispatched: between('approval_given', 'dispatch_accepted'),
    }
  }

  /** Copies of a thread that waits for its approval, so many in all; their ids. */
  const park = async (count: number): Promise<string[]> => {
    if (replicas.length === 0) await run(1)
    const model = await ask()
    await view.query({
      text: `with copies as (select gen_random_uuid() as id from generate_series(1, $2::int)), logs as (
          insert into events (thread_id, seq, type, data, actor, at, schema_version)
          select c.id, e.seq, e.type, e.data, e.actor, e.at, e.schema_version from copies c, events e where e.thread_id = $1)
        insert into threads (id, agent, title, status, created_at, wake_at, service, environment, person)
        select c.id, t.agent, t.title, t.status, t.created_at, t.wake_at, t.service, t.environment, t.person from copies c, threads t where t.id = $1`,
      values: [model, Math.max(0, count - 1)],
    })
    await view.query('analyze')
    return [model]
  }

  /**
   * Threads of so many events: of each hundred three wait for an approval, and the others are done. Ids of some of them.
   */
  const fill = async (count: number, length: number): Promise<string[]> => {
    const model = await ask()
    await approve(model)
    const text = `with model as (select * from events where thread_id = $1),
        copies as (select i, uuidv7() as id from generate_series(1, $2::int) i),
        logs as (
          insert into events (thread_id, seq, type, data, actor, at, schema_version)
          select c.id, e.seq, e.type,
            case when e.type = 'approval_requested' then e.data || jsonb_build_object('service', 'shop-' || (i % ${services})) else e.data end,
            e.actor, e.at, e.schema_version
          from copies c join lateral (
            select * from model where i % 100 > 2 or seq <= (select seq from model where type = 'approval_requested')
            union all
            select $1, (select max(seq) from model) + n, 'message', '{"message":"and something more"}', '{"kind":"person","id":"local"}', now(), 1
            from generate_series(1, $3 - (select max(seq) from model)) n where i % 100 > 2) e on true),
        deployed as (
          insert into deployments select (jsonb_populate_record(d, jsonb_build_object(
            'thread_id', c.id, 'service', 'shop-' || (i % ${services}), 'at', d.at - (100000 - i) * interval '1 minute'))).*
          from copies c, deployments d where d.thread_id = $1 and i % 100 > 2)
        insert into threads (id, agent, title, status, created_at, service, environment, person)
        select id, 'deploy', 'deploy shop-' || (i % ${services}) || ' v1.2.3 to production',
          case when i % 100 > 2 then 'done' else 'awaiting_approval' end, now(),
          'shop-' || (i % ${services}), 'production', 'local' from copies returning id`
    const { rows } = await view.query<{ id: string }>({ text, values: [model, count, length] })
    await view.query('analyze')
    return rows.slice(-1_000).map(({ id }) => id)
  }

  return {
    url,
    run,
    approve,
    park,
    fill,
    deploy: async (): Promise<Deployment> => approve(await ask()),
    async launchOnly(): Promise<number> {
      const began = performance.now()
      await post('/threads', { message: 'what is live?' })
      return performance.now() - began
    },
    async close(): Promise<void> {
      await watch.close()
      await run(0)
      await view.end()
      await github.close()
      await model.close()
      await stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
