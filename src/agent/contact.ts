import { wayOf } from '../thread/contact/address.ts'
import type { Telling } from '../thread/contact/due.ts'
import { askedAt } from '../thread/contact/question.ts'
import { MANNERS } from '../thread/contact/ways.ts'
import type { Event } from '../thread/event.ts'
import type { Outcome } from '../thread/input.ts'
import type { ThreadState } from '../thread/state.ts'
import { storyOf } from '../thread/story.ts'
import { waitingFor } from '../thread/view.ts'
import type { Notice, Ports } from './ports.ts'

interface Context {
  state: ThreadState
  events: readonly Event[]
}

/** All at once: one that is slow, or down, holds up none of the others longer than its own deadline. */
export const contact = async (
  tellings: Telling[],
  context: Context,
  { channel }: Pick<Ports, 'channel'>,
): Promise<Outcome> => {
  const told = await Promise.all(
    tellings.map(async (telling) => {
      const { seq, address, about, person } = telling
      const notice = noticeOf(telling, context)
      return { to: seq, address, about, person, channel: channel.name, ...(await channel.deliver(notice)) }
    }),
  )
  return { type: 'contacted', told }
}

const noticeOf = ({ about, seq, ...telling }: Telling, { state, events }: Context): Notice => {
  // Where a question has a message of its own, what is told of the thread is not that question again.
  const asks = about > 0 || !MANNERS[wayOf(telling.address)].asks_apart
  const question = asks ? askedAt(about || seq, events) : null
  const kind = question && telling.kind === 'notice' ? 'request' : telling.kind
  const waiting_for = waitingFor(state)
  const { id: thread_id, status } = state
  return { ...telling, kind, thread_id, seq, question, waiting_for, status, story: storyOf(state, events) }
}
