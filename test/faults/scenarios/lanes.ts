import { follow } from '../support/follow.ts'
import { inRounds, type Scenario, stage } from '../support/scenario.ts'
import { SERVICES } from '../support/world.ts'

const THREADS = 6
const KILLS_A_WORLD = 4
// Between intent and POST too: a run that was never asked for is looked for through five minutes, and the place is held all the while.
const PLACES = ['append:before', 'append:after', 'dispatch:before', 'dispatch:after', 'verify:after', 'prepare:after']

/** All of them want to the same place, and whoever is in it may die there: the others must neither join it nor wait for ever. */
export const lanes: Scenario = {
  name: 'kill -9 among threads that take turns in one place',
  counts: 'kills',
  trials: 12,
  least: 2,
  run: (context) =>
    inRounds(context.trials, KILLS_A_WORLD, 2, (count) =>
      stage(context, {}, async ({ world, driver, stuck }) => {
        const survivor = await world.start()
        for (let i = 0; i < count; i++) {
          const place = context.random.pick(PLACES)
          // A place of its own for each trial: whoever died in the one before may hold that still.
          const words = `deploy ${SERVICES[i]} v1.2.3 to staging`
          const victim = await world.start({ DEPLOYBOT_FAILPOINT: `${place}:${1 + context.random.below(6)}:kill` })
          world.tell(victim)
          const sent = Array.from({ length: THREADS }, () => driver.launch(words, victim, { shared: true }))
          const ids = (await Promise.all(sent)).map(({ id }) => id)
          void victim.ended.then(() => world.tell(survivor))
          stuck(await follow(world, driver, ids, { patienceMs: 90_000 }), `taking turns, killed at ${place}`)
          context.tally.trials += victim.state.alive ? 0 : 1
          victim.kill()
          await victim.ended
        }
      }),
    ),
}
