import { setTimeout as sleep } from 'node:timers/promises'
import type { Driver } from '../support/driver.ts'
import { follow, timeToGoOn } from '../support/follow.ts'
import type { HttpProxy } from '../support/http-proxy.ts'
import type { Replica } from '../support/replica.ts'
import { type Context, inRounds, type Scenario, type Stage, stage } from '../support/scenario.ts'
import { eventsOf, owned, postsOf, type Standing } from '../support/view.ts'
import type { World } from '../support/world.ts'

const THREADS = 25
// A stopped process is waited for until its lease of 5 s ends; a sweep comes every 0.5 s.
const TAKEN_WITHIN_MS = 10_000
const STOPPED_MS = 400
const PATIENCE_MS = 5_000
const PLACES = ['append:before', 'append:after', 'model:after', 'prepare:after', 'release:before', 'dispatch:before']

/** Stopped with many threads in its hands, and woken when others have gone on with them. */
export const zombies: Scenario = {
  inSuite: true,
  name: 'SIGSTOP longer than the lease, then CONT, beside another replica',
  counts: 'thread-pauses',
  trials: 50,
  least: 10,
  run: (context) =>
    inRounds(Math.ceil(context.trials / (THREADS / 2)), 1, 3, (_, index) =>
      stage(context, { github: slowly(context) }, (on) => round(on, context, index)),
    ),
}

/** Readings take a while, so that a replica has many threads in the middle of a step. */
const slowly =
  ({ random }: Context) =>
  () => ({ holdMs: 50 + random.below(200) })

const round = async (on: Stage, { random, tally }: Context, index: number): Promise<void> => {
  const { world, driver } = on
  const gate = await world.openGate(slowly({ random } as Context))
  // Every other time it stops by itself, at a chosen place; otherwise whenever the signal comes.
  const place = index % 2 === 0 ? null : random.pick(PLACES)
  const failpoint = place && {
    DEPLOYBOT_FAILPOINT: `${place}:${1 + random.below(place.startsWith('append') ? 3 * THREADS : THREADS)}:pause`,
  }
  const zombie = await world.start({ GITHUB_API_URL: gate.url, ...failpoint })
  // Before the launches: a second later the threads would all have come to rest.
  const survivor = await world.start()
  world.tell(survivor)
  const ids = await launched(driver, zombie)
  if (place === null) {
    await sleep(random.below(300))
    zombie.stop()
  } else {
    await untilStopped(zombie)
  }
  const stoppedAt = Date.now()
  const since = performance.now()
  const held = await stillHeld(world)
  on.recovered(
    await timeToGoOn(world, held, since),
    `taking over from a replica stopped at ${place ?? 'any moment'}`,
    TAKEN_WITHIN_MS,
  )
  const before = postsOf(gate.passed).length
  const wokenAt = Date.now()
  zombie.goOn()
  on.stuck(await follow(world, driver, ids, { patienceMs: 40_000 }), 'after a stopped replica woke')
  const late = await stale(world, gate, before, stoppedAt, wokenAt)
  tally.trials += held.length
  // Between the last check and the POST itself nothing can see that time has passed; there the run's name and I3 must do.
  const line = `${late.length} dispatches left after it woke (stopped at ${place ?? 'any moment'})`
  if (late.length > 0) (place === 'dispatch:before' ? tally.notes : tally.problems).push(line)
}

const launched = async (driver: Driver, zombie: Replica): Promise<string[]> => {
  const launches = Array.from({ length: THREADS }, () => driver.launch('deploy backend v1.2.3 to staging', zombie))
  return (await Promise.all(launches)).map(({ id }) => id)
}

/** By its failpoint; where another replica was always the one that came by there, by us. */
const untilStopped = async (zombie: Replica): Promise<void> => {
  const deadline = Date.now() + PATIENCE_MS
  while (Date.now() < deadline) {
    const signal = AbortSignal.timeout(STOPPED_MS)
    const answer = await fetch(`${zombie.state.url}/health`, { signal }).catch(() => null)
    if (!answer) return
    await answer.body?.cancel()
    await sleep(20)
  }
  zombie.stop()
}

/** What the stopped replica holds: the same owner, and nothing new, for a while. */
const stillHeld = async (world: World): Promise<Standing[]> => {
  const before = await owned(world.view)
  await sleep(1_000)
  const now = new Map((await owned(world.view)).map((one) => [one.id, one]))
  return before.filter(({ id, owner, version }) => now.get(id)?.owner === owner && now.get(id)?.version === version)
}

/** Dispatches intended before the stop and sent after the waking. */
const stale = async (world: World, gate: HttpProxy, before: number, stoppedAt: number, wokenAt: number) => {
  const logs = await eventsOf(world.view)
  return postsOf(gate.passed)
    .slice(before)
    .filter(({ dispatch_id }) => {
      const events = logs.get(dispatch_id.slice(0, 36)) ?? []
      const start = events.find((event) => event.type === 'tool_started' && event.data.dispatch_id === dispatch_id)
      const goneOn = events.some(({ seq, at }) => start && seq > start.seq && Date.parse(at) < wokenAt)
      return start && goneOn && Date.parse(start.at) <= stoppedAt
    })
}
