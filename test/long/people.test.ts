import { afterAll, beforeAll, expect, test } from 'vitest'
import { raceExpiry } from '../support/expiry.ts'
import { startTestService, type TestService } from '../support/service.ts'
import { startSeveralWays } from '../support/several-ways.ts'
import { waitAtOnce } from '../support/slack-many.ts'

let bot: TestService
beforeAll(async () => {
  bot = await startTestService({}, afterAll, { sandboxSlack: true })
})

test('200 threads wait at once, and each answer goes to the right one', () => waitAtOnce(bot, 200))

test('of 100 clicks on their way while their questions expire each runs once or is told the truth', async () => {
  const ways = await startSeveralWays(afterAll)
  const ends: string[] = []
  for (let round = 0; round < 10; round++) {
    ends.push(
      ...(await raceExpiry(
        ways,
        Array.from({ length: 10 }, (_, i) => (i - 6) * 12 + round),
      )),
    )
  }
  expect(new Set(ends).size).toBeGreaterThan(1)
}, 180_000)
