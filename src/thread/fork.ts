import { redactorOf } from './context/redact.ts'
import { decide, place } from './decide.ts'
import type { Actor, Event } from './event.ts'
import { fold } from './evolve.ts'
import { Refused } from './input.ts'
import { isLock } from './lock.ts'
import type { Rules } from './rules.ts'

/** A copy of the events up to `at`. `message`: what is said there; `prompt`: what its model is told beside the team's rules. */
export interface Fork {
  at: number
  message?: string
  prompt?: string
}

interface Begun {
  id: string
  actor: Actor
  at: string
  prompt?: string
}

/** A new thread's log, with what is said in it at once. What came in is redacted, as whatever comes in. */
export const forked = (
  source: readonly Event[],
  { at: upTo, message, prompt }: Fork,
  begun: Omit<Begun, 'prompt'>,
  rules: Rules,
): Event[] => {
  const told = prompt === undefined ? {} : { prompt: redactorOf(rules.policy)(prompt) }
  const copy = forkOf(source, upTo, { ...begun, ...told })
  if (message === undefined) return copy
  const { id, actor, at } = begun
  const said = decide({ type: 'message', message, actor, at }, fold(copy), rules)
  return [...copy, ...place(said, id, copy.length, at)]
}

/**
 * A new thread's log: the events up to `upTo`, and a last one that says where they came from.
 * It waits for words: copying runs nothing, and what was approved there is not approved here.
 */
export const forkOf = (source: readonly Event[], upTo: number, fork: Begun): Event[] => {
  const [first, last] = [source.at(0), source.at(-1)]
  if (!last) throw new Refused('unknown_thread', 'there is no such thread')
  if (first?.type === 'thread_launched') refuseCopy(first.data)
  if (upTo < 1 || upTo > last.seq) throw new Refused('bad_fork', `at must lie between 1 and ${last.seq}`)
  const { id, actor, at, prompt } = fork
  const copies = source.slice(0, upTo).map((event) => ({ ...event, thread_id: id }))
  const data = { from: last.thread_id, at: upTo, ...(prompt === undefined ? {} : { prompt }) }
  return [...copies, { type: 'forked', data, actor, thread_id: id, seq: upTo + 1, at }]
}

const refuseCopy = (launched: { agent: string }): void => {
  if (isLock(launched)) throw new Refused('is_a_lock', 'a lock cannot be copied: lock once more')
  if (launched.agent === 'gate') throw new Refused('bad_fork', 'a gate is answered once: there is nothing to try again')
  if (launched.agent !== 'release') return
  throw new Refused('bad_fork', 'a release cannot be copied: two would deploy the same merges')
}
