import type { Pool } from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { families } from '../faults/invariants/families.ts'
import { gatheredOnce, openTogether } from '../faults/invariants/releases.ts'
import { openView } from '../faults/support/database.ts'
import { eventsOf, takeSnapshot } from '../faults/support/view.ts'
import {
  childOf,
  control,
  liveOn,
  merge,
  outcomeOf,
  startReleases,
  untilCalm,
  untilReleased,
} from '../support/release.ts'
import type { TestService } from '../support/service.ts'

const STORM = 50
const LONG = { timeout: 60_000 }

/** Two replicas over one database, each of which looks for merges all the time; webhooks come twice. */
const start = async (): Promise<TestService> => {
  const first = await startReleases()
  await startReleases(first)
  await control(first, 'PUT', 'webhooks', { mode: 'twice' })
  return first
}

/** Until every one of so many merges is in some release's log: the first release may be over before the last is told. */
const untilHeard = async (bot: TestService, count: number): Promise<void> => {
  const view = viewOf(bot)
  const text = `select count(distinct data->>'number')::int as count from events where type = 'pull_request_merged'`
  while ((await view.query(text)).rows[0].count < count) await new Promise((resolve) => setTimeout(resolve, 50))
}

const viewOf = (bot: TestService): Pool => {
  const view = openView(bot.database.connection)
  onTestFinished(() => view.end())
  return view
}

const promises = async (bot: TestService, numbers: number[]): Promise<void> => {
  const view = viewOf(bot)
  const logs = await eventsOf(view)
  expect(gatheredOnce(logs, numbers)).toEqual([])
  expect(openTogether(logs)).toEqual([])
  expect(families(await takeSnapshot(view, [], []))).toEqual([])
}

const numbersOf = (merged: { number: number }[]): number[] => merged.map(({ number }) => number)

test('50 merges in a moment, told to two replicas, end with the newest on staging', LONG, async () => {
  const bot = await start()
  const storm = await merge(bot, STORM)
  await untilHeard(bot, STORM)
  await untilCalm(bot)
  await promises(bot, numbersOf(storm))
  expect(await liveOn(bot, 'staging')).toBe(storm.at(-1)?.sha)
})

test('50 merges while a release is under way are gathered in it, and go next', LONG, async () => {
  const bot = await start()
  const before = await merge(bot)
  const release = await untilReleased(bot)
  const child = await childOf(bot, release, 'deploy')
  await bot.untilAsked(child, 'approval')
  const storm = await merge(bot, STORM)
  await untilHeard(bot, 1 + STORM)
  await untilCalm(bot)
  const ended = await bot.untilStatus(release, 'done')
  expect(outcomeOf(ended)).toMatchObject({ outcome: 'released', left: numbersOf(storm) })
  await promises(bot, [...numbersOf(before), ...numbersOf(storm)])
  expect(await liveOn(bot, 'staging')).toBe(storm.at(-1)?.sha)
})
