import { expect, test } from 'vitest'
import { isClean, runCampaign } from './campaign.ts'
import { tableOf } from './support/table.ts'

const MINUTES_2 = 120_000

test('faults of every kind, a few times each: all promises are kept', { timeout: MINUTES_2 }, async () => {
  const rows = await runCampaign({ seed: 1, scale: 0.01, inSuite: true, atOnce: 3 })
  // The table is what says which fault did it, and how to play it again.
  expect(rows.filter((row) => !isClean(row)).length, `seed 1\n${tableOf(rows)}`).toBe(0)
})
