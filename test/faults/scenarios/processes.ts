import { setTimeout as sleep } from 'node:timers/promises'
import { follow } from '../support/follow.ts'
import { type Scenario, stage } from '../support/scenario.ts'
import { eventsOf } from '../support/view.ts'

const THREADS = 6
const CLIENTS = 6
const EXIT_WITHIN_MS = 10_000

/** One log is spoilt: its thread stands still, and all others go on as if nothing were. */
const poison: Scenario = {
  inSuite: true,
  name: 'a poison event in the log',
  counts: 'spoilt logs',
  trials: 5,
  least: 1,
  run: (context) =>
    stage(context, {}, async (on) => {
      const { world, driver } = on
      world.tell(await world.start())
      for (let i = 0; i < context.trials; i++) {
        const { id } = await driver.launch('wait 1 second then deploy backend v1.2.3 to staging')
        await world.view.query(
          `insert into events (thread_id, seq, type, data, actor, at)
            select $1::uuid, max(seq) + 1, 'nonsense', '{}', '{"kind":"code"}', now() from events where thread_id = $1`,
          [id],
        )
        on.poison(id)
        const others = await Promise.all(
          Array.from({ length: THREADS }, () => driver.launch('deploy backend v1.2.3 to staging')),
        )
        on.stuck(
          await follow(
            world,
            driver,
            others.map((one) => one.id),
            { patienceMs: 20_000 },
          ),
          'beside a spoilt log',
        )
        context.tally.trials += 1
      }
      await sleep(1_500)
      const spoilt = await eventsOf(
        world.view,
        driver.acknowledged.map(({ thread }) => thread),
      )
      const ran = [...spoilt.values()].filter((events) => {
        const at = events.findIndex(({ type }) => (type as string) === 'nonsense')
        return at >= 0 && at < events.length - 1
      })
      if (ran.length > 0) context.tally.problems.push(`${ran.length} spoilt logs grew on`)
    }),
}

/** Told to stop while clients keep asking: out in time, with 0, and nothing that was promised is missing. */
const terminated: Scenario = {
  name: 'SIGTERM under load',
  counts: 'stops',
  trials: 10,
  least: 1,
  run: (context) =>
    stage(context, {}, async (on) => {
      const { world, driver } = on
      for (let i = 0; i < context.trials; i++) {
        const old = await world.start()
        const successor = await world.start()
        world.tell(old)
        const ids: string[] = []
        let going = true
        const client = async (): Promise<void> => {
          while (going) {
            ids.push((await driver.launch('deploy backend v1.2.3 to staging', old)).id)
            await sleep(100)
          }
        }
        const clients = Promise.all(Array.from({ length: CLIENTS }, client))
        await sleep(300 + context.random.below(700))
        const since = performance.now()
        old.terminate()
        const { code } = await old.ended
        on.recovered(performance.now() - since, 'stopping', EXIT_WITHIN_MS)
        if (code !== 0) context.tally.problems.push(`it ended with ${code}`)
        going = false
        await clients
        world.tell(successor)
        on.stuck(await follow(world, driver, ids, { patienceMs: 60_000, allSent: true }), 'after a stop under load')
        context.tally.trials += 1
        successor.kill()
        await successor.ended
      }
    }),
}

export const processes = [poison, terminated]
