import { setTimeout as sleep } from 'node:timers/promises'
import { follow } from '../support/follow.ts'
import type { Passed, Plan } from '../support/http-proxy.ts'
import type { Random } from '../support/random.ts'
import { type Context, inRounds, type Scenario, type Stage, stage } from '../support/scenario.ts'
import type { World } from '../support/world.ts'

const DISPATCHES_A_WORLD = 100
// Runs show up late: by seconds in every world, by up to two minutes in the first one of a full campaign.
const LATE_MS = 4_000
const LATEST_MS = 120_000
const FULL = 10

const BAD_GATEWAY = { status: 502, body: '{"message":"Bad Gateway"}' }
/** GitHub takes it, and we never hear so. */
export const TAKEN: readonly Plan[] = [
  { after: 'reset' },
  { after: BAD_GATEWAY },
  { after: { status: 504, body: '<html>timeout</html>', headers: { 'content-type': 'text/html' } } },
  { after: { status: 200, body: '{"workflow_run_id":' } },
]
const FATES: readonly Plan[] = [...TAKEN, { after: 'hang' }, { before: 'reset' }, { before: BAD_GATEWAY }]

/** GitHub takes the dispatch (or does not) and says something else, or nothing. */
const ambiguous: Scenario = {
  inSuite: true,
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

// The fewest that a deployment makes, its run apart: beyond them nothing would be refused.
const REQUESTS_A_THREAD = 7
// Requests that left together with the one that was refused.
const UNDER_WAY_MS = 60

/** Refuses one request of so many, now and then, for a second or two. */
export const createWall = (random: Random, requests = REQUESTS_A_THREAD) => {
  let left = Number.POSITIVE_INFINITY
  const armed = { seconds: 0, onlyDispatch: false }
  return {
    arm(onlyDispatch: boolean): void {
      left = onlyDispatch ? 0 : random.below(requests)
      Object.assign(armed, { seconds: 1 + random.below(2), onlyDispatch })
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
  const since = performance.now()
  wall.arm(scale < 1 || random.below(2) === 0)
  const { id } = await driver.launch('deploy backend v1.2.3 to staging')
  stuck(await follow(world, driver, [id]), 'after a refusal with retry-after')
  const sent = early(world, since)
  if (sent === null) return
  tally.trials += 1
  tally.problems.push(...sent)
  await sleep(50)
}

/**
 * What was asked after the newest refusal and before its time was over, in a line if anything was; null: nothing has been refused `since`.
 */
export const early = (world: World, since = 0): string[] | null => {
  const refused = world.toGitHub.passed.findLast(({ plan }) => typeof plan.before === 'object')
  const { answeredAt: from, plan } = refused ?? {}
  if (!refused || !from || refused.at < since || typeof plan?.before !== 'object') return null
  const seconds = Number(plan.before.headers?.['retry-after'])
  const sent = world.toGitHub.passed.filter(({ at }) => at > from + UNDER_WAY_MS && at < from + seconds * 1_000 - 20)
  if (sent.length === 0) return []
  const after = sent.map(({ method, path, at }) => `${method} ${path.split('?')[0]} after ${Math.round(at - from)} ms`)
  return [
    `retry-after ${seconds} s on ${refused.method} ${refused.path.split('?')[0]}, and then ${after[0]} (${sent.length})`,
  ]
}

export const github = [ambiguous, limited]
