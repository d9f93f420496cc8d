import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { WriteDoor } from '../../src/agent/door.ts'
import type { Model, Ports, Tools } from '../../src/agent/ports.ts'
import { rulesOf } from '../../src/agent/rules.ts'
import { Worker } from '../../src/agent/worker.ts'
import { readConfig } from '../../src/config.ts'
import { openStore } from '../../src/store/store.ts'
import { freshDatabase, query } from '../support/postgres.ts'
import { startTestService } from '../support/service.ts'

test('a thread whose log cannot be read is set aside, by itself, and goes on when released after a repair', async () => {
  const bot = await startTestService()
  const id = await bot.launch('deploy backend v1.2.3 to production')
  const other = await bot.launch('deploy frontend v1.2.3 to production')
  const { seq } = await bot.untilAsked(id, 'approval')
  const asked = await bot.untilAsked(other, 'approval')
  const sql = (text: string) => query(bot.database.connection, text)
  await sql(`insert into events (thread_id, seq, type, data, actor, at)
    values ('${id}', ${seq + 1}, 'approval_given', '{"to":1}', '{"kind":"code"}', now())`)
  await sql(`update threads set wake_at = now() where id = '${id}'`)
  await until(
    async () => (await sql(`select quarantine_reason from threads where id = '${id}'`))[0]?.['quarantine_reason'],
  )
  expect(await bot.call(`/threads/${id}`)).toMatchObject({ status: 409, body: { code: 'thread_quarantined' } })
  await bot.respond(other, asked.seq, { approved: true })
  await bot.untilStatus(other, 'done')

  await sql(`delete from events where thread_id = '${id}' and seq = ${seq + 1}`)
  await sql(`update threads set quarantined_at = null, wake_at = now() where id = '${id}'`)
  await bot.respond(id, seq, { approved: true })
  await bot.untilStatus(id, 'done')
})

test('works on so many at once and no more, on those first that wait longest, and lets none be passed over by what is new', async () => {
  const { connection, drop } = await freshDatabase()
  const store = await openStore({ connection })
  const { policy } = readConfig({})
  const deps = { ...store, rules: rulesOf(policy), logger: pino({ level: 'silent' }) }
  const order: string[] = []
  let now = 0
  let most = 0
  const next: Model['next'] = async ({ thread }) => {
    order.push(/number (\d+)/.exec(thread)?.[1] ?? '')
    most = Math.max(most, ++now)
    await sleep(20)
    now--
    const call = { model: 'm', prompt_hash: 'h', input_tokens: 0, output_tokens: 0, ms: 0 }
    return { ok: true, step: { intent: 'done_for_now', message: 'done' }, call }
  }
  const read = async () => ({ intent: 'check_deployment_status', data: { live: [] } }) as const
  const ports = {
    model: { next } as Model,
    tools: { read, openRuns: async () => [] } as unknown as Tools,
    channel: { name: 'none', deliver: async () => ({ ok: true }) },
    threads: {} as Ports['threads'],
    lanes: store.lanes,
  }
  const loop = { ports, policy, logger: deps.logger, now: store.log.now }
  const worker = new Worker({ queue: store.queue, bell: store.bell, session: deps, loop, concurrency: 2 })
  onTestFinished(async () => {
    await worker.stop()
    await store.close()
    await drop()
  })
  const door = new WriteDoor({ ...deps, hasRoom: () => worker.hasRoom() })
  const actor = { kind: 'person', id: 'dev' } as const
  const launch = (n: number) => door.launch({ type: 'launch', agent: 'deploy', message: `number ${n}`, actor })
  for (let n = 0; n < 20; n++) await launch(n)
  worker.start()
  await sleep(100)
  for (let n = 20; n < 30; n++) await launch(n)
  await until(async () => order.length === 30 && now === 0)
  expect(order).toHaveLength(30)
  expect(most).toBe(2)
  // Two that are taken together may begin in either order.
  expect(order.map((n, place) => Math.abs(Number(n) - place)).filter((off) => off > 2)).toEqual([])
})

const until = async (holds: () => Promise<unknown>): Promise<void> => {
  for (let i = 0; i < 200 && !(await holds()); i++) await sleep(25)
}
