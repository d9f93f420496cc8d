import { setTimeout as sleep } from 'node:timers/promises'
import { startDatabase } from '../support/database.ts'
import type { Driver } from '../support/driver.ts'
import { follow, timeToGoOn } from '../support/follow.ts'
import { type Context, type Scenario, type Stage, stage } from '../support/scenario.ts'
import { owned } from '../support/view.ts'
import type { World } from '../support/world.ts'

const CLIENTS = 2
const CAUGHT = 4
const DEPLOY = 'deploy backend v1.2.3 to staging'

/** Hurts the database, and resolves as soon as it can be reached again. */
type Hurt = (world: World, context: Context) => Promise<void>

const outage = (name: string, trials: number, replicas: number, withinMs: number, hurt: Hurt): Scenario => ({
  name,
  counts: 'outages',
  trials,
  least: 1,
  run: (context) =>
    stage(context, {}, async (on) => {
      for (let i = 0; i < replicas; i++) on.world.tell(await on.world.start())
      await play(on, context, withinMs, hurt)
    }),
})

/** Restarts need a Postgres of their own: the others' must not notice. */
const onItsOwn = (scenario: Scenario): Scenario => ({
  ...scenario,
  async run(context) {
    const database = await startDatabase()
    try {
      await scenario.run({ ...context, database })
    } finally {
      await database.close()
    }
  },
})

const play = async (on: Stage, context: Context, withinMs: number, hurt: Hurt): Promise<void> => {
  const { world, driver } = on
  const load = startLoad(driver)
  for (let i = 0; i < context.trials; i++) {
    await sleep(1_000 + context.random.below(3_000))
    const caught = await Promise.all(Array.from({ length: CAUGHT }, () => driver.launch(DEPLOY)))
    if (world.tcp.connections() === 0) context.tally.problems.push('nothing was connected that could be hurt')
    const inWork = await owned(world.view)
    await hurt(world, context)
    const back = performance.now()
    const next = await driver.launch(DEPLOY)
    const answered = performance.now() - back
    const goneOn = await timeToGoOn(world, inWork, back)
    on.recovered(goneOn && Math.max(answered, goneOn), 'recovering from an outage', withinMs)
    const open = await follow(
      world,
      driver,
      [...caught, next].map(({ id }) => id),
      { patienceMs: 30_000 },
    )
    on.stuck(open, 'after an outage')
    context.tally.trials += 1
  }
  on.stuck(await follow(world, driver, await load.stop(), { patienceMs: 60_000 }), 'launched around outages')
}

/** Clients that never stop asking; each waits for its answer. */
const startLoad = (driver: Driver) => {
  const ids: string[] = []
  let going = true
  const client = async (): Promise<void> => {
    while (going) {
      ids.push((await driver.launch(DEPLOY)).id)
      await sleep(500)
    }
  }
  const clients = Promise.all(Array.from({ length: CLIENTS }, client))
  // A client that gave up is told of by `stop`, and must not end the whole campaign before.
  clients.catch(() => {})
  return {
    stop: async (): Promise<string[]> => {
      going = false
      await clients
      return ids
    },
  }
}

const restart: Hurt = (_, { database, random }) => database.restart(random.pick(['SIGINT', 'SIGQUIT']))

const pause: Hurt = async ({ tcp }, { random }) => {
  tcp.pause()
  await sleep(1_000 + random.below(3_000))
  tcp.pass()
}

const refuse: Hurt = async ({ tcp }, { random }) => {
  tcp.refuse()
  await sleep(500 + random.below(2_000))
  tcp.pass()
}

const terminate: Hurt = async ({ view }) => {
  await view.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
  )
}

const halfOpen: Hurt = async ({ tcp }) => tcp.halfOpen()

const CUT = 0.05
const THREADS = 10

/** Postgres has committed and the answer is lost with the connection. */
const lostCommits: Scenario = {
  inSuite: true,
  name: 'commit done but reported failed, on 5% of writes',
  counts: 'writes',
  trials: 60,
  least: 6,
  run: (context) =>
    stage(context, {}, async ({ world, driver, stuck }) => {
      world.tell(await world.start())
      await world.start()
      world.tcp.cutWrites(() => context.random.next() < CUT)
      for (let i = 0; i < context.trials && world.tcp.cuts() < context.trials; i++) {
        const launches = await Promise.all(
          Array.from({ length: THREADS }, () => driver.launch('deploy backend v1.2.3 to production')),
        )
        stuck(
          await follow(
            world,
            driver,
            launches.map(({ id }) => id),
            { patienceMs: 60_000 },
          ),
          'after lost commits',
        )
      }
      context.tally.trials += world.tcp.cuts()
    }),
}

// A thread that met the outage is looked at again once the lease is over, 5 s; a half-open connection is noticed by the deadline of a
// statement, 3 s.
const PAUSED_MS = 8_000
const UNNOTICED_MS = 5_000

/** What can befall the database, and its connections. */
export const database: Scenario[] = [
  { ...onItsOwn(outage('the database is restarted or crashes', 10, 2, PAUSED_MS, restart)), inSuite: true },
  outage('the database is paused', 5, 1, PAUSED_MS, pause),
  outage('the database refuses connections', 5, 1, PAUSED_MS, refuse),
  outage('the connections are terminated', 5, 2, PAUSED_MS, terminate),
  outage('the connections are half-open', 3, 1, UNNOTICED_MS, halfOpen),
  lostCommits,
]
