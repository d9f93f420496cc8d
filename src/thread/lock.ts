import type { At } from './decide.ts'
import type { Actor, Event, Lock, NewEvent } from './event.ts'
import type { Request } from './input.ts'
import { Refused } from './input.ts'
import { approversOf, type Policy } from './policy.ts'
import type { Rules } from './rules.ts'
import type { ThreadState } from './state.ts'
import { after } from './time.ts'

type Asked<T extends Request['type']> = At<Extract<Request, { type: T }>>

const AGENT = 'lock'
const LONGEST_SECONDS = 90 * 24 * 3600

/** A person's lock is a little thread of its own: it says who and why, sleeps until it expires, and is then done. */
export const isLock = ({ agent }: Pick<ThreadState, 'agent'>): boolean => agent === AGENT

/** What a thread locks after one more event. A copy locks nothing. */
export const locksAfter = ({ locks }: Pick<ThreadState, 'locks'>, { type, data, actor, at }: Event): Lock[] => {
  switch (type) {
    case 'environment_locked':
      return [...without(locks, data), { ...data, by: actor.kind === 'person' ? actor.id : null, since: at }]
    case 'environment_unlocked':
      return without(locks, data)
    case 'forked':
      return []
    default:
      return locks
  }
}

const without = (locks: Lock[], { service, environment }: Pick<Lock, 'service' | 'environment'>): Lock[] =>
  locks.filter((lock) => lock.service !== service || lock.environment !== environment)

/** Locks one service in an environment, or all of them. */
export const lock = (input: Asked<'lock'>, { policy }: Rules): NewEvent[] => {
  const { service, environment, reason, expires_in_seconds, actor, at } = input
  refuseNobody(actor)
  refuseStrangePlace(service, environment, policy)
  if (expires_in_seconds > LONGEST_SECONDS) throw new Refused('bad_expiry', 'a lock lasts for 90 days at most')
  const title = `lock ${service ?? 'all'} on ${environment}`
  const data = { service, environment, reason, until: after(at, expires_in_seconds) }
  return [
    { type: 'thread_launched', data: { agent: AGENT, title }, actor },
    { type: 'environment_locked', data, actor },
  ]
}

const refuseStrangePlace = (service: string | null, environment: string, { services, environments }: Policy): void => {
  if (service !== null && !Object.hasOwn(services, service)) {
    throw new Refused('unknown_place', `there is no service ${service}; there are: ${Object.keys(services).join(', ')}`)
  }
  if (!Object.hasOwn(environments, environment)) {
    const known = Object.keys(environments).join(', ')
    throw new Refused('unknown_place', `there is no environment ${environment}; there are: ${known}`)
  }
}

/** Unlocks whatever this thread has locked: a person's lock, or what its rollback left. */
export const unlock = ({ reason, actor }: Asked<'unlock'>, state: ThreadState, { policy }: Rules): NewEvent[] => {
  if (state.locks.length === 0) throw new Refused('not_locked', 'this thread locks nothing (any more)')
  const person = refuseNobody(actor)
  for (const held of state.locks) refuseStranger(person, held, policy)
  return state.locks.map((held) => unlocked(held, reason, actor))
}

/** Its time has come. */
export const expire = (state: ThreadState): NewEvent[] =>
  state.locks.map((held) => unlocked(held, 'expired', { kind: 'code' }))

const unlocked = ({ service, environment }: Lock, reason: string, actor: Actor): NewEvent => ({
  type: 'environment_unlocked',
  data: { service, environment, reason },
  actor,
})

const refuseNobody = (actor: Actor): string => {
  if (actor.kind === 'person') return actor.id
  throw new Refused('not_yours_to_answer', 'only a person can lock or unlock')
}

const refuseStranger = (person: string, { by, environment }: Lock, policy: Policy): void => {
  const approvers = approversOf(environment, policy)
  if (person === by || approvers.includes(person)) return
  const whoever = by === null ? '' : ` or ${by}, who locked it`
  throw new Refused(
    'not_yours_to_answer',
    `${person} may not unlock this; these may: ${approvers.join(', ')}${whoever}`,
  )
}

/** A lock is no conversation: there is nobody in it who would listen. */
export const refuseLock = (state: ThreadState): void => {
  if (isLock(state))
    throw new Refused('is_a_lock', 'this thread is a lock: all that can be done with it is to unlock it')
}
