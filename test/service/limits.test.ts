import { expect, test } from 'vitest'
import { control } from '../support/release.ts'
import { startTestService, type TestService } from '../support/service.ts'

const RETRY_AFTER_S = 3
// What two readings of one machine's clock may differ by.
const EARLY_MS = 50

const dispatchesOf = async (bot: TestService): Promise<number[]> => {
  const answer = await fetch(`${bot.github()}/_sandbox/requests`)
  const requests = (await answer.json()) as { path: string; at: string }[]
  return requests.filter(({ path }) => path.endsWith('/dispatches')).map(({ at }) => Date.parse(at))
}

test.each([403, 429])(
  'what GitHub put off (%i) is sent by another replica when its time has come, and not before: the log says when',
  { timeout: 30_000 },
  async (status) => {
    const other = await startTestService()
    const first = await startTestService({}, undefined, { beside: other })
    await control(other, 'POST', 'faults', { do: 'answer', accept: false, status, retry_after: RETRY_AFTER_S })
    // Whoever takes a launch goes on with it.
    const id = await first.launch('deploy backend v1.2.3 to staging')
    await first.untilEvent(id, 'dispatch_deferred')
    await first.stop()
    await other.untilStatus(id, 'done')
    const [refused = 0, sent = 0, ...more] = await dispatchesOf(other)
    expect(sent - refused).toBeGreaterThanOrEqual(RETRY_AFTER_S * 1_000 - EARLY_MS)
    expect(more).toEqual([])
  },
)
