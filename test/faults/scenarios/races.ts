import { setTimeout as sleep } from 'node:timers/promises'
import type { Answer, Driver } from '../support/driver.ts'
import { follow } from '../support/follow.ts'
import { type Context, inRounds, type Scenario, type Stage, stage } from '../support/scenario.ts'
import { standings } from '../support/view.ts'
import type { World } from '../support/world.ts'

const RACES_A_WORLD = 120
const RACES_AT_ONCE = 12
const EXPIRY_MS = 2_000
const PATIENCE_MS = 30_000

type Race = (on: Stage, context: Context, id: string, to: number) => Promise<string | null>

/** Two people answer one question at the same moment, through two doors of two replicas. */
export const races: Scenario = {
  inSuite: true,
  name: 'two approvers at once; approve against reject; approve against expiry',
  counts: 'races',
  trials: 100,
  least: 12,
  run: (context) =>
    inRounds(context.trials, RACES_A_WORLD, 1, (count) =>
      stage(context, {}, async (on) => {
        on.world.tell(await on.world.start())
        await on.world.start()
        await inRounds(count, 1, RACES_AT_ONCE, (_, index) => run(on, context, index))
      }),
    ),
}

const run = async (on: Stage, context: Context, index: number): Promise<void> => {
  const { world, driver, stuck } = on
  const [place, race] = KINDS[index % KINDS.length] ?? ['production', approveTwice]
  const { id } = await driver.launch(`deploy backend v1.2.3 to ${place}`)
  const to = await asked(world, id)
  const wrong = await race(on, context, id, to)
  if (wrong) context.tally.problems.push(`${race.name}: ${wrong}`)
  context.tally.trials += 1
  // A question that was answered no, or expired, is followed by talk: nothing more is approved here.
  if ((await driver.cancel(id)).status === 202) return
  stuck(await follow(world, driver, [id]), `after ${race.name}`)
}

const asked = async ({ view }: World, id: string): Promise<number> => {
  const deadline = Date.now() + PATIENCE_MS
  while (Date.now() < deadline) {
    const [thread] = await standings(view, [id])
    if (thread?.status === 'awaiting_approval' && thread.asked !== null) return thread.asked
    await sleep(10)
  }
  throw new Error(`${id} never asked for approval`)
}

const statuses = (answers: Answer[]): string =>
  answers
    .map(({ status }) => (status === 202 ? 200 : status))
    .sort()
    .join()

const both = (world: World, driver: Driver, id: string, to: number, local: boolean, lead: boolean) =>
  Promise.all([
    driver.decide(id, to, local, world.replicas[0]),
    driver.decideAs('lead', id, to, lead, world.replicas[1]),
  ])

const oneWins = (answers: Answer[]): string | null =>
  statuses(answers) === '200,409' ? null : `the answers were ${statuses(answers)}`

const approveTwice: Race = async ({ world, driver }, _, id, to) =>
  oneWins(await both(world, driver, id, to, true, true))

const approveAgainstReject: Race = async ({ world, driver }, { random }, id, to) => {
  const yes = random.below(2) === 0
  return oneWins(await both(world, driver, id, to, yes, !yes))
}

/** Two are needed and three come: two are heard. */
const threeOfTwo: Race = async ({ world, driver }, _, id, to) => {
  const answers = await Promise.all([
    both(world, driver, id, to, true, true),
    driver.decideAs('oncall', id, to, true, world.replicas[0]),
  ])
  return statuses(answers.flat()) === '200,200,409' ? null : `the answers were ${statuses(answers.flat())}`
}

/** Around the moment of expiry: either it was in time, or it expired. */
const approveAgainstExpiry: Race = async ({ world, driver }, { random }, id, to) => {
  await sleep(EXPIRY_MS - 400 + random.below(500))
  const answer = await driver.decide(id, to, true, world.replicas[random.below(2)])
  if (answer.status === 202) return null
  const code = answer.body.code ?? ''
  return answer.status === 409 && ['expired', 'superseded'].includes(code)
    ? null
    : `it was answered ${answer.status} ${code}`
}

const KINDS: readonly [environment: string, race: Race][] = [
  ['production', approveTwice],
  ['production', approveAgainstReject],
  ['double', threeOfTwo],
  ['hasty', approveAgainstExpiry],
]
