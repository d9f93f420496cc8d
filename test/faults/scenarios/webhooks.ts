import { createHash, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Answer } from '../support/driver.ts'
import { follow } from '../support/follow.ts'
import { type Context, inRounds, type Scenario, type Stage, stage } from '../support/scenario.ts'

const COPIES = 5
const PATIENCE_MS = 10_000
const DELIVERIES_A_WORLD = 100
const STATES = ['requested', 'in_progress', 'completed'] as const

/** The same delivery five times at once, to two replicas, in any order: taken once, and every copy is answered 2xx. */
const fiveFold: Scenario = {
  inSuite: true,
  name: 'the same webhook 5 times at once, two replicas, shuffled',
  counts: 'deliveries',
  trials: 100,
  least: 8,
  run: (context) =>
    inRounds(context.trials, DELIVERIES_A_WORLD, 1, (count) =>
      stage(context, {}, async (on) => {
        on.world.tell(await on.world.start())
        await on.world.start()
        await inRounds(count, 4, 4, () => batch(on, context))
      }),
    ),
}

/** Four deliveries: a run's three reports, the last first as often as not, and words that launch a thread. */
const batch = async ({ world, driver, stuck }: Stage, { random, tally }: Context): Promise<void> => {
  const { id } = await driver.launch('deploy backend v1.2.3 to staging')
  const deliveries = [
    ...STATES.map((action) => {
      const payload = {
        action,
        workflow_run: { id: 1, display_title: `Test v1.2.3 on staging ${id}-9` },
        repository: { full_name: 'acme/shop' },
      }
      const delivery = randomUUID()
      // Known by its body: the delivery id is not signed.
      const body = createHash('sha256').update(JSON.stringify(payload)).digest('hex')
      driver.acknowledged.push({ kind: 'delivered', thread: id, source: 'github', id: body })
      return (copy: number) => driver.github(payload, delivery, world.replicas[copy % 2])
    }),
    (() => {
      const words = { type: 'conversation.created', event: { user_message: 'what is live?' } }
      const delivery = randomUUID()
      driver.acknowledged.push({ kind: 'delivered', thread: id, source: 'human', id: delivery })
      return (copy: number) => driver.human(words, world.replicas[copy % 2], delivery)
    })(),
  ]
  const copies = random.shuffle(
    deliveries.flatMap((send) => Array.from({ length: COPIES }, (_, copy) => ({ send, copy }))),
  )
  const answers = await Promise.all(copies.map(async ({ send, copy }) => ({ send, answer: await send(copy) })))
  for (const send of deliveries)
    complain(
      answers.filter((one) => one.send === send).map(({ answer }) => answer),
      tally.problems,
    )
  tally.trials += deliveries.length
  stuck(await follow(world, driver, [id]), 'after five-fold webhooks')
}

const complain = (answers: Answer[], problems: string[]): void => {
  const fresh = answers.filter(({ body, replayed }) => body.ignored === undefined && !replayed).length
  const bad = answers.filter(({ status }) => status !== 200).map(({ status }) => status)
  if (bad.length > 0) problems.push(`copies of one delivery were answered ${bad}`)
  // A copy that was taken, and whose answer was lost on its way, is answered as a duplicate when it comes again.
  const lost = answers.some(({ tries }) => tries > 1)
  if (fresh > 1 || (fresh === 0 && !lost)) problems.push(`of ${COPIES} copies ${fresh} were taken`)
}

/** A crash between commit and answer; the sender sends again, under the same key, and hears what it would have heard. */
const lostAnswers: Scenario = {
  name: 'a crash between commit and answer, then redelivery',
  counts: 'crashes',
  trials: 20,
  least: 1,
  run: (context) =>
    stage(context, {}, async ({ world, driver, stuck }) => {
      const survivor = await world.start()
      world.tell(survivor)
      for (let i = 0; i < context.trials; i++) {
        const victim = await world.start({ DEPLOYBOT_FAILPOINT: `answer:before:${1 + context.random.below(5)}` })
        const sent = Array.from({ length: 5 }, () => driver.launch('deploy backend v1.2.3 to production', victim))
        const launches = await Promise.all(sent)
        // On a busy machine some of them may have gone to the survivor.
        const deadline = performance.now() + PATIENCE_MS
        while (victim.state.alive && performance.now() < deadline) {
          launches.push(await driver.launch('deploy backend v1.2.3 to production', victim))
        }
        await Promise.race([victim.ended, sleep(PATIENCE_MS, undefined, { ref: false })])
        if (victim.state.alive) context.tally.problems.push('it did not crash')
        victim.kill()
        const again = await Promise.all(launches.map((launch) => launch.again()))
        const wrong = again.filter(
          ({ status, body, replayed }, at) => status !== 201 || !replayed || body.id !== launches[at]?.id,
        )
        if (wrong.length > 0)
          context.tally.problems.push(`${wrong.length} redeliveries were answered otherwise than before`)
        context.tally.trials += 1
        stuck(
          await follow(
            world,
            driver,
            launches.map(({ id }) => id),
          ),
          'after a lost answer',
        )
      }
    }),
}

/** A run that is over before GitHub's answer to the POST is here, its news in the wrong order. */
const hasty: Scenario = {
  inSuite: true,
  name: 'completed before in_progress, and before our POST has returned',
  counts: 'runs',
  trials: 40,
  least: 5,
  run: (context) => {
    const github = ({ path }: { path: string }) =>
      path.endsWith('/dispatches') ? { answerAfterMs: 100 + context.random.below(600) } : {}
    return stage(context, { pace: { queued: 10, running: 30 }, github }, async ({ world, driver, stuck }) => {
      const replica = await world.start()
      world.tell(replica)
      await world.control('PUT', '/webhooks', { mode: 'reversed' })
      const place = () => context.random.pick(['staging', 'production'])
      const sent = Array.from({ length: context.trials }, () => driver.launch(`deploy backend v1.2.3 to ${place()}`))
      const ids = (await Promise.all(sent)).map(({ id }) => id)
      stuck(await follow(world, driver, ids), 'of runs faster than their POST')
      context.tally.trials += ids.length
    })
  },
}

export const webhooks = [fiveFold, lostAnswers, hasty]
