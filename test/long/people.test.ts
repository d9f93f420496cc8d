import { afterAll, beforeAll, test } from 'vitest'
import { startTestService, type TestService } from '../support/service.ts'
import { waitAtOnce } from '../support/slack-many.ts'

let bot: TestService
beforeAll(async () => {
  bot = await startTestService({}, afterAll, { sandboxSlack: true })
})

test('200 threads wait at once, and each answer goes to the right one', () => waitAtOnce(bot, 200))
