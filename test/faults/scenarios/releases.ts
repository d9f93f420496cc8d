import type { Passed, Plan } from '../support/http-proxy.ts'
import { judge, merge, seeThrough, untilEvent } from '../support/releases.ts'
import { inRounds, type Scenario, stage } from '../support/scenario.ts'
import { RELEASE_RULES as rules } from '../support/world.ts'
import { createWall, early, TAKEN } from './ambiguous.ts'

const STORM = 50
const LATE_MS = 3_000
const REQUESTS_A_RELEASE = 40

const storm: Scenario = {
  name: '50 merges in a moment, told to three replicas, beside a release and not',
  counts: 'merges',
  trials: 200,
  least: STORM,
  run: (context) =>
    inRounds(context.trials, STORM, 2, (count, index) =>
      stage(context, { rules }, async ({ world, driver }) => {
        const merged = index % 2 === 0 ? [] : await merge(world, 1)
        const first = await world.start()
        world.tell(first)
        await world.control('PUT', '/webhooks', { mode: 'twice' })
        if (merged.length > 0) await untilEvent(world, 'approval_requested')
        merged.push(...(await merge(world, count)))
        await Promise.all([world.start(), world.start()])
        judge(world, await seeThrough(world, driver, merged), merged, `a storm of ${count}`, context.tally)
        context.tally.trials += count
      }),
    ),
}

/** No webhook arrives, GitHub answers dispatches with anything, and runs show up late: polling and looking for names must do. */
const deaf: Scenario = {
  name: 'a release without a webhook, whose dispatches are taken and not answered, and whose runs show late',
  counts: 'releases',
  trials: 8,
  least: 1,
  run: (context) =>
    inRounds(context.trials, 1, 4, () => {
      const { random, tally } = context
      const github = ({ path }: Passed): Plan => (path.endsWith('/dispatches') ? random.pick(TAKEN) : {})
      return stage(context, { rules, github }, async ({ world, driver }) => {
        await world.control('PUT', '/webhooks', { mode: 'off' })
        const merged = await merge(world, 1)
        for (let i = 0; i < 4; i++) await world.control('POST', '/runs/next', { hidden_ms: random.below(LATE_MS) })
        await world.start()
        judge(world, await seeThrough(world, driver, merged), merged, 'without webhooks', tally)
        tally.trials += 1
      })
    }),
}

/** Somewhere in a release GitHub says when to come back: until then no request leaves. */
const limited: Scenario = {
  name: '403 and 429 with retry-after in a release: no request before it',
  counts: 'refusals',
  trials: 12,
  least: 1,
  run: (context) =>
    inRounds(context.trials, 1, 3, () => {
      const wall = createWall(context.random, REQUESTS_A_RELEASE)
      return stage(context, { rules, github: wall.plan }, async ({ world, driver }) => {
        const merged = await merge(world, 1)
        wall.arm(context.scale < 1 || context.random.below(2) === 0)
        world.tell(await world.start())
        judge(world, await seeThrough(world, driver, merged), merged, 'told to wait', context.tally)
        const sent = early(world)
        if (sent === null) return
        context.tally.trials += 1
        context.tally.problems.push(...sent)
      })
    }),
}

export const releases = [storm, deaf, limited]
