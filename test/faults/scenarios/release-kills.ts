import { PLACES } from '../../../src/agent/failpoint.ts'
import { CHOICES } from '../../../src/thread/release/release.ts'
import { judge, merge, seeThrough, untilEvent } from '../support/releases.ts'
import type { Replica } from '../support/replica.ts'
import { type Context, inRounds, type Scenario, type Stage, stage } from '../support/scenario.ts'
import { RELEASE_RULES as rules } from '../support/world.ts'

// These a quick release does not come by.
const ELSEWHERE = /^(heartbeat|cancel_run|deliver|taken)/
/** How often a process comes by at the least while it does a release. Sweeps begin with the process, before there is work. */
const COMES_BY: Record<string, number> = {
  append: 20,
  load: 2,
  prepare: 4,
  dispatch: 3,
  verify: 4,
  model: 2,
  reach: 2,
  hint: 4,
}
const SWEEPS = 3
const MOST_TRIES = 3

/** A process dies somewhere on the way from the merge to the end, and another one goes on. */
const kills: Scenario = {
  name: 'kill -9 at a failpoint in a release with its agent, another replica goes on',
  counts: 'kills',
  trials: 40,
  least: 1,
  async run(context) {
    const { random } = context
    const others = PLACES.filter((place) => !ELSEWHERE.test(place) && !place.startsWith('reach'))
    const places = ['reach:before', 'reach:after', ...random.shuffle(others)]
    await inRounds(context.trials, 1, 2, (_, index) => {
      const place = places[index % places.length] ?? ''
      const [call = ''] = place.split(':')
      const nth = call === 'claim' || call === 'rescue' ? SWEEPS : 1 + random.below(COMES_BY[call] ?? 1)
      // The first one for certain; beside another replica it may be that one that comes by.
      const beside = index > 0 && random.below(2) === 0
      const at = `${place}:${index === 0 ? 1 : nth}:kill`
      return untilKilled(context, (on) => killed(on, context, at, beside))
    })
  },
}

type Act = (on: Stage) => Promise<boolean>

/** Another replica may have been the one that came by. Where there are few trials each is to count, so it is tried again. */
const untilKilled = async (context: Context, act: Act): Promise<void> => {
  for (let tries = context.scale < 1 ? MOST_TRIES : 1; tries > 0; tries--) {
    let killed = false
    await stage(context, { rules }, async (on) => {
      killed = await act(on)
    })
    if (killed) context.tally.trials += 1
    if (killed) return
  }
}

const killed = async (
  { world, driver }: Stage,
  { tally }: Context,
  place: string,
  beside: boolean,
): Promise<boolean> => {
  const survivor = beside ? await world.start() : null
  const merged = await merge(world, 1)
  // Whoever starts looks for merges that nobody told of.
  const victim = await world.start({ DEPLOYBOT_FAILPOINT: place })
  return released({ world, driver, victim, survivor, merged, place, tally })
}

interface Death {
  world: Stage['world']
  driver: Stage['driver']
  victim: Replica
  survivor: Replica | null
  merged: number[]
  place: string
  tally: Context['tally']
}

/** Sees all of it through, whoever is left. True: it died of it. */
const released = async ({ world, driver, victim, survivor, merged, place, tally }: Death): Promise<boolean> => {
  world.tell(victim)
  const successor = victim.ended.then(async () => world.tell(survivor ?? (await world.start())))
  const logs = await seeThrough(world, driver, merged, victim)
  judge(world, logs, merged, `killed at ${place}`, tally)
  const died = !victim.state.alive
  if (!died) tally.notes.push(`${place} was not reached`)
  victim.kill()
  await successor
  return died
}

const TURNS: readonly [restart: boolean, nth: number][] = [
  [true, 2],
  [false, 3],
  [false, 2],
]

/** Newer merges come while the agent waits; with the answer to restart, or without. Whoever tells other threads of it dies. */
const turns: Scenario = {
  name: 'kill -9 while a release starts again, or hands on what came too late',
  counts: 'kills',
  trials: 12,
  least: 1,
  run: (context) =>
    inRounds(context.trials, 1, 2, (_, index) => {
      const moment = index % 2 === 0 ? 'before' : 'after'
      // Alone it launches its agent first; then stops it, or tells of its end and hands on what came too late.
      const [restart, nth] = TURNS[(index >> 1) % TURNS.length] ?? [true, 2]
      return untilKilled(context, (on) => turned(on, context, `reach:${moment}:${nth}:kill`, restart))
    }),
}

const turned = async (
  { world, driver }: Stage,
  { tally }: Context,
  place: string,
  restart: boolean,
): Promise<boolean> => {
  const merged = await merge(world, 1)
  const victim = await world.start({ DEPLOYBOT_FAILPOINT: place })
  world.tell(victim)
  await untilEvent(world, 'approval_requested')
  merged.push(...(await merge(world, 2)))
  const finder = await world.start()
  const [release, to] = await untilEvent(world, 'restart_offered', 2)
  finder.kill()
  if (restart) await driver.choose(release, to, CHOICES.restart, victim)
  return released({ world, driver, victim, survivor: null, merged, place, tally })
}

export const releaseKills = [kills, turns]
