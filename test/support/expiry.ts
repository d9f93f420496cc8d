import { expect } from 'vitest'
import type { ThreadView } from '../../src/thread/view.ts'
import type { SeveralWays } from './several-ways.ts'
import { buttonsOf, until, whole } from './slack-room.ts'

/**
 * A click in Slack is on its way while its question expires: it arrives so many milliseconds after that moment (before it, where negative).
 * Either it runs once, or it has expired: then whoever clicked is told so, or, where the yes was in time and the start was not, the message says that.
 * In the end no message has a button.
 */
export const raceExpiry = async (bot: SeveralWays, moments: readonly number[]): Promise<string[]> => {
  const before = await bot.runs()
  const ends = await Promise.all(moments.map((ms) => race(bot, ms)))
  expect((await bot.runs()) - before).toBe(ends.filter((end) => end === 'ran').length)
  return ends
}

const race = async (bot: SeveralWays, ms: number): Promise<'ran' | 'too late' | 'started too late'> => {
  const { id, card } = await bot.mention('deploy backend v1.2.3 to staging', 'U02')
  const asked = await card()
  const { seq, expires_at } = await bot.untilAsked(id, 'approval')
  bot.keep(id, Date.parse(expires_at) + ms)
  await bot.click('U01', 'C01', asked, 'approve')
  const settled = ({ status }: ThreadView) => status === 'done' || status === 'awaiting_human'
  const { events } = await bot.until(id, 'an end', settled)
  const happened = events.flatMap(({ type, data }) =>
    type === 'dispatch_accepted' || (ENDS.includes(type) && 'to' in data && data.to === seq) ? [type] : [],
  )
  const words = async (says: RegExp) =>
    until(`card that says ${says}`, async () => {
      const now = (await bot.messages('C01')).find(({ ts }) => ts === asked.ts)
      return now && buttonsOf(now).length === 0 && says.test(whole(now))
    })
  switch (happened.join()) {
    case 'approval_given,dispatch_accepted':
      await words(/Approved by `lead` in Slack/)
      return 'ran'
    case 'approval_given,approval_expired':
      await words(/Approved by `lead` in Slack.*Expired: it could not start in time, and nothing was run/)
      return 'started too late'
    case 'approval_expired':
      await words(/Expired: nobody answered in time, and nothing was run/)
      await until('a true answer', async () =>
        (await bot.messages('C01')).some(({ text }) => text.includes(id) && TOO_LATE.test(text)),
      )
      return 'too late'
    default:
      throw new Error(`it came to ${happened}`)
  }
}

const ENDS = ['approval_given', 'approval_denied', 'approval_expired', 'approval_superseded']
const TOO_LATE = /This approval has expired, so your click changed nothing and nothing was run/
