import type { Actor, Event } from './event.ts'
import { Refused } from './input.ts'
import { isLock } from './lock.ts'

/**
 * A new thread's log: the events up to `upTo`, and a last one that says where they came from.
 * It waits for words: copying runs nothing, and what was approved there is not approved here.
 */
export const forkOf = (
  source: readonly Event[],
  upTo: number,
  fork: { id: string; actor: Actor; at: string },
): Event[] => {
  const [first, last] = [source.at(0), source.at(-1)]
  if (!last) throw new Refused('unknown_thread', 'there is no such thread')
  if (first?.type === 'thread_launched') refuseCopy(first.data)
  if (upTo < 1 || upTo > last.seq) throw new Refused('bad_fork', `at must lie between 1 and ${last.seq}`)
  const { id, actor, at } = fork
  const copies = source.slice(0, upTo).map((event) => ({ ...event, thread_id: id }))
  const data = { from: last.thread_id, at: upTo }
  return [...copies, { type: 'forked', data, actor, thread_id: id, seq: upTo + 1, at }]
}

const refuseCopy = (launched: { agent: string }): void => {
  if (isLock(launched)) throw new Refused('is_a_lock', 'a lock cannot be copied: lock once more')
  if (launched.agent === 'gate') throw new Refused('bad_fork', 'a gate is answered once: there is nothing to try again')
  if (launched.agent !== 'release') return
  throw new Refused('bad_fork', 'a release cannot be copied: two would deploy the same merges')
}
