import { type Snapshot, type Violation, violations } from '../invariants.ts'
import type { Database } from './database.ts'
import { createDriver, type Driver } from './driver.ts'
import type { Random } from './random.ts'
import { takeSnapshot } from './view.ts'
import { openWorld, type World, type WorldOptions } from './world.ts'

/** What a scenario found. */
export interface Tally {
  trials: number
  violations: Violation[]
  /** What is wrong beside the invariants: an answer that may not be, a thread that does not go on, a fault that hit nothing. */
  problems: string[]
  /** From the fault to the thread going on, at worst, in milliseconds. */
  slowestMs: number
  unhandled: number
  /** What else is worth knowing. */
  notes: string[]
}

export interface Context {
  database: Database
  random: Random
  /** How many trials there are to be. */
  trials: number
  /** 1: the usual setting. */
  scale: number
  tally: Tally
}

export interface Scenario {
  name: string
  /** What one trial is. */
  counts: string
  /** Trials at scale 1, and how few there are at the least. */
  trials: number
  least: number
  /** A few trials of it are part of the suite; the suite has tests of its own of what the others try. */
  inSuite?: true
  run(context: Context): Promise<void>
}

const TAKEN_OVER_MS = 10_000

export const emptyTally = (): Tally => ({
  trials: 0,
  violations: [],
  problems: [],
  slowestMs: 0,
  unhandled: 0,
  notes: [],
})

export interface Stage {
  world: World
  driver: Driver
  /** Takes down how long it took to recover; null: it did not within its time, or `withinMs` was not kept. */
  recovered(ms: number | null, what: string, withinMs?: number): void
  /** This thread's log was spoilt by ourselves: nothing is promised of it. */
  poison(id: string): void
  /** Threads that came to no end. */
  stuck(ids: readonly string[], what: string): void
}

/** Plays `act` in a world of its own, then looks whether every promise was kept. */
export const stage = async (
  { database, tally, scale }: Context,
  options: WorldOptions,
  act: (stage: Stage) => Promise<void>,
): Promise<void> => {
  const world = await openWorld(database, options)
  const driver = createDriver(world)
  const poisoned: string[] = []
  const recovered: Stage['recovered'] = (ms, what, withinMs = TAKEN_OVER_MS) => {
    if (ms !== null) tally.slowestMs = Math.max(tally.slowestMs, ms)
    // In the suite the machine is busy with other tests: there it must recover, however long it takes.
    if (ms === null || (scale >= 1 && ms > withinMs))
      tally.problems.push(`${what}: ${ms === null ? 'never' : Math.round(ms)} ms`)
  }
  const standing: { ids: readonly string[]; what: string }[] = []
  const stuck: Stage['stuck'] = (ids, what) => void (ids.length > 0 && standing.push({ ids, what }))
  try {
    await act({ world, driver, recovered, stuck, poison: (id) => poisoned.push(id) })
    await world.freeze()
    const snapshot = await takeSnapshot(world.view, world.posts(), driver.acknowledged)
    tally.violations.push(...violations(snapshot, poisoned))
    tally.problems.push(...driver.surprises, ...standing.map((one) => describe(one, snapshot)))
    tally.unhandled += world.replicas.reduce((sum, { state }) => sum + state.unhandled, 0)
  } finally {
    await world.close()
  }
}

const describe = ({ ids, what }: { ids: readonly string[]; what: string }, { rows, logs }: Snapshot): string => {
  const [id = ''] = ids
  const { status, owned, wake_at } = rows.get(id) ?? {}
  const last = logs
    .get(id)
    ?.slice(-3)
    .map(({ type }) => type)
  return `${what}: ${ids.length} threads came to no end, such as ${id} (${status}, owned ${owned}, due ${wake_at}, ${last})`
}

/** `total` in rounds of at most `size`, `atOnce` of them at a time. */
export const inRounds = async (
  total: number,
  size: number,
  atOnce: number,
  round: (count: number, index: number) => Promise<void>,
): Promise<void> => {
  const rounds = Array.from({ length: Math.ceil(total / size) }, (_, i) => Math.min(size, total - i * size))
  const lane = async (): Promise<void> => {
    for (;;) {
      const index = rounds.findIndex((count) => count > 0)
      const count = rounds[index]
      if (count === undefined) return
      rounds[index] = 0
      await round(count, index)
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, rounds.length) }, lane))
}
