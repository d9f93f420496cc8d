import { setTimeout as sleep } from 'node:timers/promises'
import { follow } from '../support/follow.ts'
import type { Passed, Plan } from '../support/http-proxy.ts'
import type { Random } from '../support/random.ts'
import { type Context, inRounds, type Scenario, type Stage, stage } from '../support/scenario.ts'

const DISPATCHES_A_WORLD = 100
// Runs show up late: by seconds in every world, by up to two minutes in the first one of a full campaign.
const LATE_MS = 4_000
const LATEST_MS = 120_000
const FULL = 10

const BAD_GATEWAY = { status: 502, body: '{"message":"Bad Gateway"}' }
const FATES: readonly Plan[] = [
  { after: 'reset' },
  { after: BAD_GATEWAY },
  { after: { status: 504, body: '<html>timeout</html>', headers: { 'content-type': 'text/html' } } },
  { after: 'hang' },
  { before: 'reset' },
  { before: BAD_GATEWAY },
  { after: { status: 200, body: '{"workflow_run_id":' } },
]

/** GitHub takes the dispatch (or does not) and says something else, or nothing. */
const ambiguous: Scenario = {
  name: 'GitHub resets, answers 502 or times out around accepting; the run shows up late',
  counts: 'dispatches',
  trials: 100,
  least: 12,
  run: (context) =>
    inRounds(context.trials, DISPATCHES_A_WORLD, 2, (count, index) => {
      const { random, tally, scale } = context
      const latest = scale >= FULL && index === 0 ? LATEST_MS : LATE_MS
      const github = ({ path }: Passed): Plan => (path.endsWith('/dispatches') ? random.pick(FATES) : {})
      return stage(context, { github }, async ({ world, driver, stuck }) => {
        world.tell(await world.start())
        await world.start()
        for (let i = 0; i < count; i++) await world.control('POST', '/runs/next', { hidden_ms: random.below(latest) })
        const sent = Array.from({ length: count }, () => driver.launch('deploy backend v1.2.3 to staging'))
        const ids = (await Promise.all(sent)).map(({ id }) => id)
        stuck(await follow(world, driver, ids, { patienceMs: 60_000 + latest }), 'of unclear dispatches')
        tally.trials += count
      })
    }),
}

/** GitHub says when to come back. Until then nothing may be asked, on behalf of that thread at least. */
const limited: Scenario = {
  name: '403 and 429 with retry-after: no request before it',
  counts: 'refusals',
  trials: 16,
  least: 3,
  run: (context) =>
    inRounds(context.trials, 8, 2, (count) => {
      const wall = createWall(context.random)
      return stage(context, { github: wall.plan }, async (on) => {
        on.world.tell(await on.world.start())
        for (let i = 0; i < count; i++) await refusal(on, context, wall)
      })
    }),
}

const REQUESTS_A_THREAD = 14
// Requests that left together with the one that was refused.
const UNDER_WAY_MS = 60

/** Refuses one request, now and then, for a second or two. */
const createWall = (random: Random) => {
  let left = Number.POSITIVE_INFINITY
  const armed = { seconds: 0, onlyDispatch: false }
  return {
    arm(onlyDispatch: boolean): number {
      left = onlyDispatch ? 0 : random.below(REQUESTS_A_THREAD)
      Object.assign(armed, { seconds: 1 + random.below(2), onlyDispatch })
      return armed.seconds
    },
    plan: ({ path }: Passed): Plan => {
      if (armed.onlyDispatch && !path.endsWith('/dispatches')) return {}
      if (left-- !== 0) return {}
      const headers = { 'retry-after': String(armed.seconds) }
      const message = random.pick(['You have exceeded a secondary rate limit', 'API rate limit exceeded'])
      return { before: { status: random.pick([403, 429]), headers, body: JSON.stringify({ message }) } }
    },
  }
}

const refusal = async (
  { world, driver, stuck }: Stage,
  { random, tally, scale }: Context,
  wall: ReturnType<typeof createWall>,
) => {
  // Readings that run side by side are not stopped by the refusal of one: seen at full length only, until they are.
  const seconds = wall.arm(scale < 1 || random.below(2) === 0)
  const { id } = await driver.launch('deploy backend v1.2.3 to staging')
  stuck(await follow(world, driver, [id]), 'after a refusal with retry-after')
  const refused = world.toGitHub.passed.findLast(({ plan }) => plan.before)
  if (!refused?.answeredAt) return
  tally.trials += 1
  const from = refused.answeredAt
  const early = world.toGitHub.passed.filter(({ at }) => at > from + UNDER_WAY_MS && at < from + seconds * 1_000 - 20)
  if (early.length > 0) {
    const after = early.map(
      ({ method, path, at }) => `${method} ${path.split('?')[0]} after ${Math.round(at - from)} ms`,
    )
    tally.problems.push(
      `retry-after ${seconds} s on ${refused.method} ${refused.path.split('?')[0]}, and then ${after[0]} (${early.length})`,
    )
  }
  await sleep(50)
}

export const github = [ambiguous, limited]
