import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Model } from '../../src/agent/ports.ts'
import { startEmbedded } from '../../src/store/embedded.ts'
import { call, deploys, startBot } from './engine/bot.ts'
import { median, rounds, table } from './report.ts'

// What a step costs as its thread grows: the model looks tags up, again and again, and at last proposes.
const LENGTHS = [10, 100, 1_000]
const WINDOW = 40
// Longer than what is committed together with what comes of it: each step is to be committed by itself.
const CALL_MS = 8
const person = { kind: 'person', id: 'local' } as const

const dataDir = await mkdtemp(join(tmpdir(), 'deploybot-bench-'))
const { connection, stop } = await startEmbedded({ dataDir, dieWithParent: true })
let left = 0
const calls: { asked: number; answered: number }[] = []
const next: Model['next'] = async (...asking) => {
  const asked = performance.now()
  await sleep(CALL_MS)
  const answer = await deploys(...asking)
  // Of a thread that was measured before, and is now seen to its end.
  if (answer.ok && answer.step.intent === 'done_for_now') return answer
  calls.push({ asked, answered: performance.now() })
  return left-- > 0 ? { ok: true, step: { intent: 'list_git_tags' }, call } : answer
}
const bot = await startBot(connection, next)
const { pool } = bot.store
const wal = async (): Promise<number> => {
  const { rows } = await pool.query(`select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float as wal`)
  return rows[0].wal
}

/** Two events a step: a thread of about `events`, measured over its last steps, then resumed by an approval. */
const grow = async (events: number) => {
  const steps = events / 2 + WINDOW
  left = steps
  calls.length = 0
  const before = await wal()
  const launch = { type: 'launch', agent: 'deploy', message: 'look around', actor: person } as const
  const id = (await bot.door.launch(launch))[0]?.thread_id ?? ''
  await bot.when('approval_requested', id)
  const bytes = (await wal()) - before
  const between = calls.slice(1).map(({ asked }, i) => asked - (calls[i]?.answered ?? 0))
  const step = between.slice(-WINDOW).reduce((sum, ms) => sum + ms, 0) / WINDOW
  const { events: log } = await bot.store.log.load(id)
  // Another process goes on with it: it has to read the whole log.
  const other = await startBot(connection, next)
  const started = other.when('started', id)
  const began = performance.now()
  await other.door.handle(id, { type: 'respond', to: log.length, approved: true, actor: person })
  await started
  const resume = performance.now() - began
  await other.stop()
  return { step, wal: bytes / steps, resume }
}

await grow(100)
const rows = []
for (const length of LENGTHS) {
  const all = []
  for (let round = 0; round < rounds; round++) all.push(await grow(length))
  rows.push([
    length,
    median(all.map(({ step }) => step)).toFixed(2),
    Math.round(median(all.map(({ wal }) => wal))),
    median(all.map(({ resume }) => resume)).toFixed(1),
  ])
}
table(
  `a step as its thread grows; without the model's time; ${rounds} rounds, medians`,
  ['events', 'ms a step', 'WAL bytes a step', 'resume elsewhere, ms'],
  rows,
)
await bot.stop()
await stop()
await rm(dataDir, { recursive: true, force: true })
