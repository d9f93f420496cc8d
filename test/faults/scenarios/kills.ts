import { setTimeout as sleep } from 'node:timers/promises'
import { PLACES } from '../../../src/agent/failpoint.ts'
import type { Driver } from '../support/driver.ts'
import { follow, timeToGoOn } from '../support/follow.ts'
import type { Replica } from '../support/replica.ts'
import { type Context, inRounds, type Scenario, type Stage, stage } from '../support/scenario.ts'
import { owned } from '../support/view.ts'
import type { World } from '../support/world.ts'

const KILLS_A_WORLD = 12
// Another replica may have been the one that came by; then the victim gets more to do.
const MOST_WORK = 4
const PATIENCE_MS = 1_000

/** How often a process comes by at the least while it does its part of a trial. */
const COMES_BY: Record<string, number> = {
  load: 5,
  append: 8,
  release: 2,
  read: 4,
  prepare: 3,
  model: 3,
  hint: 2,
  verify: 2,
  deliver: 2,
  answer: 3,
}
// Sweeps begin with the process; the first ones are over before there is work.
const SWEEPS = 3

const failpoint = (place: string, random: Context['random']): string => {
  const [call = ''] = place.split(':')
  const nth = call === 'claim' || call === 'rescue' ? SWEEPS + random.below(2) : 1 + random.below(COMES_BY[call] ?? 1)
  return `${place}:${nth}:kill`
}

const kill = (name: string, withSurvivor: boolean, trials: number, least: number): Scenario => ({
  name,
  counts: 'kills',
  trials,
  least,
  async run(context) {
    const { random, tally } = context
    // Only what has a parent or a child comes by `reach`: release-kills.ts.
    const places = random.shuffle(PLACES.filter((place) => !place.startsWith('reach')))
    const reached = new Map<string, boolean>()
    await inRounds(context.trials, KILLS_A_WORLD, 2, (count, index) => {
      const slow = { ms: 0 }
      return stage(context, { github: () => ({ holdMs: slow.ms }) }, async (on) => {
        if (withSurvivor) await on.world.start()
        for (let i = 0; i < count; i++) {
          const place = places[(index * KILLS_A_WORLD + i) % places.length] ?? ''
          // A heartbeat comes only while a thread is worked on for longer than usual.
          slow.ms = place.startsWith('heartbeat') ? 700 : 0
          // And a run can be cancelled only before it ends.
          await on.world.control('PUT', '/pace', { queued: 50, running: place.startsWith('cancel_run') ? 3_000 : 400 })
          const killed = await trial(on, failpoint(place, random), () => {
            slow.ms = 0
          })
          tally.trials += killed ? 1 : 0
          reached.set(place, killed || reached.get(place) === true)
          if (!killed) tally.notes.push(`${place} was not reached once`)
        }
      })
    })
    // Now and then the other replica is the one that comes by; each time it would be a place that nothing comes by.
    for (const [place, ever] of reached) if (!ever) tally.problems.push(`${place} was not reached`)
  },
})

/** A process with a failpoint does its share until it dies; whoever is left, or the next one, goes on. True: it died of it. */
const trial = async (
  { world, driver, recovered, stuck }: Stage,
  place: string,
  onDeath: () => void,
): Promise<boolean> => {
  const survivor = world.replicas.find(({ state }) => state.alive)
  const victim = await world.start({ DEPLOYBOT_FAILPOINT: place })
  world.tell(victim)
  const died = victim.ended.then(() => {
    onDeath()
    return succeed(world, survivor, place, recovered)
  })
  const ids: string[] = []
  for (let i = 0; i < MOST_WORK && victim.state.alive; i++) {
    ids.push(...(await work(world, driver, victim)))
    await Promise.race([died, sleep(PATIENCE_MS, undefined, { ref: false })])
  }
  const killed = !victim.state.alive
  victim.kill()
  await died
  // What was promised must still come true when the process is gone.
  stuck(await follow(world, driver, ids), `after the kill at ${place}`)
  if (!survivor) {
    for (const replica of world.replicas) replica.kill()
    await Promise.all(world.replicas.map(({ ended }) => ended))
  }
  return killed
}

const succeed = async (world: World, survivor: Replica | undefined, place: string, recovered: Stage['recovered']) => {
  const since = performance.now()
  const orphans = await owned(world.view)
  const next = survivor ?? (await world.start())
  world.tell(next)
  recovered(await timeToGoOn(world, orphans, since), `going on after ${place}`)
}

/** Two deployments that are approved and one that is cancelled under way; each launch is sent a second time. */
const work = async (world: World, driver: Driver, first: Replica): Promise<string[]> => {
  const more = { reply_to: { webhook: world.mailbox.url } }
  const launches = await Promise.all(
    ['production', 'staging', 'production'].map((place) =>
      driver.launch(`deploy backend v1.2.3 to ${place}`, first, more),
    ),
  )
  const ids = launches.map(({ id }) => id)
  await Promise.all(launches.map(({ again }) => again()))
  await follow(world, driver, ids, { first, cancel: ids.slice(2), until: () => !first.state.alive })
  return ids
}

export const kills: Scenario[] = [
  { ...kill('kill -9 at a failpoint, another replica takes over', true, 70, 3), inSuite: true },
  kill('kill -9 at a failpoint, the process is restarted', false, 30, 1),
]
