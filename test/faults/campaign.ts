import { github } from './scenarios/ambiguous.ts'
import { database as outages } from './scenarios/database.ts'
import { kills } from './scenarios/kills.ts'
import { lanes } from './scenarios/lanes.ts'
import { badModel } from './scenarios/models.ts'
import { processes } from './scenarios/processes.ts'
import { races } from './scenarios/races.ts'
import { releaseKills } from './scenarios/release-kills.ts'
import { releases } from './scenarios/releases.ts'
import { webhooks } from './scenarios/webhooks.ts'
import { zombies } from './scenarios/zombies.ts'
import { type Database, startDatabase } from './support/database.ts'
import { createRandom } from './support/random.ts'
import { emptyTally, inRounds, type Scenario, type Tally } from './support/scenario.ts'

export const SCENARIOS: readonly Scenario[] = [
  ...kills,
  zombies,
  lanes,
  ...webhooks,
  ...github,
  ...outages,
  badModel,
  races,
  ...processes,
  ...releaseKills,
  ...releases,
]

export interface CampaignOptions {
  seed: number
  scale: number
  /** Only scenarios whose name holds this. */
  only?: string
  /** Only those that fit into the suite. */
  inSuite?: boolean
  /** Scenarios that run side by side: they mostly wait. */
  atOnce?: number
  report?: (row: Row) => void
}

export interface Row extends Tally {
  fault: string
  counts: string
  seconds: number
}

/** Every fault, each in worlds of its own over one Postgres of the campaign's own. */
export const runCampaign = async (options: CampaignOptions): Promise<Row[]> => {
  const { seed, scale, only = '', inSuite = false, atOnce = 6, report } = options
  const chosen = SCENARIOS.filter((one) => one.name.includes(only) && (one.inSuite || !inSuite))
  if (chosen.length === 0) throw new Error(`no fault is called ${only}; there are: ${namesOf(SCENARIOS)}`)
  const database = await startDatabase()
  const rows: Row[] = []
  try {
    await inRounds(chosen.length, 1, atOnce, async (_, index) => {
      const scenario = chosen[index]
      if (!scenario) return
      const row = await play(scenario, database, seed, scale)
      rows.push(row)
      report?.(row)
    })
  } finally {
    await database.close()
  }
  return rows
}

const namesOf = (scenarios: readonly Scenario[]): string => scenarios.map(({ name }) => name).join(' · ')

const play = async (scenario: Scenario, database: Database, seed: number, scale: number): Promise<Row> => {
  const { name, counts } = scenario
  const tally = emptyTally()
  const random = createRandom(seed, name)
  const trials = Math.max(scenario.least, Math.round(scenario.trials * scale))
  const began = performance.now()
  try {
    await scenario.run({ database, random, trials, scale, tally })
  } catch (error) {
    tally.problems.push(`it broke off: ${error instanceof Error ? (error.stack ?? error.message) : error}`)
  }
  if (tally.trials === 0) tally.problems.push('not one trial took place')
  return { fault: name, counts, seconds: (performance.now() - began) / 1000, ...tally }
}

/** Whether every promise was kept, and nothing else was wrong. */
export const isClean = ({ violations, problems, unhandled }: Row): boolean =>
  violations.length === 0 && problems.length === 0 && unhandled === 0
