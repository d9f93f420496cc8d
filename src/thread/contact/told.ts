import type { At } from '../decide.ts'
import type { NewEvent } from '../event.ts'
import type { Contacted, Outcome } from '../input.ts'
import type { ThreadState } from '../state.ts'
import { afterMs } from '../time.ts'
import { keyOf } from './address.ts'
import { pauseAfter } from './backoff.ts'
import { postKey } from './posts.ts'

/** Who was told, and who was not: each a fact, with when it is tried again. */
export const contacted = ({ told, at }: At<Extract<Outcome, { type: 'contacted' }>>, state: ThreadState): NewEvent[] =>
  told.map((one) => ({
    type: 'human_contacted',
    data: { ...factOf(one), ...retryOf(one, at, state) },
    actor: { kind: 'code' },
  }))

const factOf = ({ to, channel, ok, message, address, about, person, ref, replies_at }: Contacted) => ({
  to,
  channel,
  ok,
  address: keyOf(address),
  ...(message === undefined ? {} : { message }),
  ...(about === 0 ? {} : { about }),
  ...(person === null ? {} : { person }),
  ...(ref === undefined ? {} : { ref }),
  ...(replies_at === undefined ? {} : { replies_at }),
})

const retryOf = ({ ok, retry_after_ms, address, about }: Contacted, at: string, { contacts }: ThreadState) => {
  if (ok || retry_after_ms === undefined) return {}
  const fails = contacts.posts[postKey(address, about)]?.fails ?? 0
  const pause = pauseAfter(fails + 1)
  return pause === null ? {} : { retry_at: afterMs(at, Math.max(pause, retry_after_ms)) }
}
