import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Pool } from 'pg'
import { startEmbedded } from '../../src/store/embedded.ts'
import { startBot } from './engine/bot.ts'
import { bareW5, type Lap, laps, w5 } from './engine/w5.ts'
import { median, rounds, table } from './report.ts'

// The engine alone, with a model and tools that take no time, beside the floor: bare pg doing one durable row a step.
const IN_FLIGHT = [1, 8, 16, 64]
const SECONDS_A_CELL = 1.5

const dataDir = await mkdtemp(join(tmpdir(), 'deploybot-bench-'))
const { connection, stop } = await startEmbedded({ dataDir, dieWithParent: true })
const bot = await startBot(connection)
const { pool } = bot.store
await pool.query('create table bare (thread_id uuid, seq int, data jsonb, primary key (thread_id, seq))')

interface Cell {
  perSecond: number
  launch: number
  resume: number
  commits: number
  wal: number
  nodeMs: number
}

const counters = async (pool: Pool): Promise<{ commits: number; wal: number }> => {
  // Transaction ids are given to what writes only; the counters of pg_stat_database come seconds late.
  const { rows } = await pool.query(
    `select pg_snapshot_xmax(pg_current_snapshot())::text::int as commits,
      pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float as wal`,
  )
  return rows[0]
}

const measure = async (inFlight: number, lap: () => Promise<Lap>, perSecondGuess: number): Promise<Cell> => {
  const count = Math.max(inFlight * 4, Math.round(perSecondGuess * SECONDS_A_CELL))
  const before = await counters(pool)
  const cpu = process.cpuUsage()
  const began = performance.now()
  const all = await laps(count, inFlight, lap)
  const seconds = (performance.now() - began) / 1000
  const { user, system } = process.cpuUsage(cpu)
  const after = await counters(pool)
  return {
    perSecond: count / seconds,
    launch: median(all.map(({ launch }) => launch)),
    resume: median(all.map(({ resume }) => resume)),
    commits: (after.commits - before.commits) / count,
    wal: (after.wal - before.wal) / count,
    nodeMs: (user + system) / 1000 / count,
  }
}

const engine = () => w5(bot)
const bare = () => bareW5(pool)
await laps(2_000, 64, engine)
await laps(2_000, 64, bare)
await pool.query('checkpoint')

const cells = new Map<string, Cell[]>()
const note = (key: string, cell: Cell) => cells.set(key, [...(cells.get(key) ?? []), cell])
for (let round = 0; round < rounds; round++) {
  for (const inFlight of IN_FLIGHT) {
    note(`engine ${inFlight}`, await measure(inFlight, engine, inFlight === 1 ? 300 : 2_000))
    note(`bare ${inFlight}`, await measure(inFlight, bare, inFlight === 1 ? 600 : 3_000))
  }
}

const middle = (key: string, of: (cell: Cell) => number): number => median((cells.get(key) ?? []).map(of))
const two = (value: number): string => value.toFixed(2)
const rows = IN_FLIGHT.map((inFlight) => {
  const [e, b] = [`engine ${inFlight}`, `bare ${inFlight}`]
  const ratio = median((cells.get(e) ?? []).map((cell, i) => cell.perSecond / (cells.get(b)?.[i]?.perSecond ?? 1)))
  return [
    inFlight,
    Math.round(middle(e, (c) => c.perSecond)),
    Math.round(middle(b, (c) => c.perSecond)),
    two(ratio),
    `${two(middle(e, (c) => c.launch))} / ${two(middle(b, (c) => c.launch))}`,
    `${two(middle(e, (c) => c.resume))} / ${two(middle(b, (c) => c.resume))}`,
    two(middle(e, (c) => c.commits)),
    Math.round(middle(e, (c) => c.wal)),
    two(middle(e, (c) => c.nodeMs)),
  ]
})
table(
  `W5, the engine against bare pg with a commit a step; ${rounds} interleaved rounds, medians`,
  ['in flight', 'engine/s', 'bare/s', 'ratio', 'launch p50 ms', 'resume p50 ms', 'commits', 'WAL bytes', 'node CPU ms'],
  rows,
)
await bot.stop()
await stop()
await rm(dataDir, { recursive: true, force: true })
