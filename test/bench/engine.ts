import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Pool } from 'pg'
import { startEmbedded } from '../../src/store/embedded.ts'
import { openDatabase } from '../../src/store/store.ts'
import { type Kind, startFleet } from './engine/fleet.ts'
import { median, rounds, table } from './report.ts'

// The engine alone, with a model and tools that take no time, beside the floor: bare pg doing one durable row a step.
const IN_FLIGHT = [1, 8, 16, 64]
const SECONDS_A_CELL = 1.5

const dataDir = await mkdtemp(join(tmpdir(), 'deploybot-bench-'))
const { connection, stop } = await startEmbedded({ dataDir, dieWithParent: true })
await (await openDatabase({ connection })).close()
const pool = new Pool(connection)
await pool.query('create table bare (thread_id uuid, seq int, data jsonb, primary key (thread_id, seq))')
const fleet = await startFleet(connection, 2)

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

const measure = async (processes: number, kind: Kind, inFlight: number): Promise<Cell> => {
  const guess = inFlight === 1 ? 450 : 2_500
  const count = Math.max(inFlight * 4, Math.round(guess * SECONDS_A_CELL))
  const before = await counters(pool)
  const began = performance.now()
  const { laps, cpuMs } = await fleet.run(processes, kind, inFlight, count)
  const seconds = (performance.now() - began) / 1000
  const after = await counters(pool)
  return {
    perSecond: laps.length / seconds,
    launch: median(laps.map(({ launch }) => launch)),
    resume: median(laps.map(({ resume }) => resume)),
    commits: (after.commits - before.commits) / laps.length,
    wal: (after.wal - before.wal) / laps.length,
    nodeMs: cpuMs / laps.length,
  }
}

for (const kind of ['engine', 'bare'] as const) await fleet.run(2, kind, 64, 4_000)
await pool.query('checkpoint')

const HEATS = [
  ...IN_FLIGHT.map((inFlight) => ({ processes: 1, inFlight })),
  { processes: 2, inFlight: 16 },
  { processes: 2, inFlight: 64 },
]
const cells = new Map<string, Cell[]>()
for (let round = 0; round < rounds; round++) {
  for (const { processes, inFlight } of HEATS) {
    for (const kind of ['engine', 'bare'] as const) {
      const key = `${kind} ${processes} ${inFlight}`
      cells.set(key, [...(cells.get(key) ?? []), await measure(processes, kind, inFlight)])
    }
  }
}

const middle = (key: string, of: (cell: Cell) => number): number => median((cells.get(key) ?? []).map(of))
const two = (value: number): string => value.toFixed(2)
const rows = HEATS.map(({ processes, inFlight }) => {
  const [e, b] = ['engine', 'bare'].map((kind) => `${kind} ${processes} ${inFlight}`) as [string, string]
  const ratio = median((cells.get(e) ?? []).map((cell, i) => cell.perSecond / (cells.get(b)?.[i]?.perSecond ?? 1)))
  return [
    `${inFlight}, ${processes === 1 ? 'one process' : 'two'}`,
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
await fleet.stop()
await pool.end()
await stop()
await rm(dataDir, { recursive: true, force: true })
