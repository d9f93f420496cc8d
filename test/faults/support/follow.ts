import { setTimeout as sleep } from 'node:timers/promises'
import type { Driver } from './driver.ts'
import type { Replica } from './replica.ts'
import { eventsOf, type Standing, standings } from './view.ts'
import type { World } from './world.ts'

const LOOK_MS = 25
const LOOK_AT_LOGS_MS = 500
const ENDED = ['done', 'failed', 'cancelled', 'awaiting_human']

export interface FollowOptions {
  /** Where answers are sent first. */
  first?: Replica
  patienceMs?: number
  /** Threads to cancel as soon as their run is known. */
  cancel?: readonly string[]
  /** Gives up as soon as this holds. */
  until?: () => boolean
  /** Nobody was killed: then no dispatch was intended and not sent, and none is waited for in vain. */
  allSent?: boolean
}

/**
 * Approves whatever the threads ask for, until each has come to an end: done, given to a person, looking for a run that GitHub never
 * got, or waiting behind one that does: a run may show up minutes late, and until then the place is held. Returns those that came to none.
 */
export const follow = async (world: World, driver: Driver, ids: readonly string[], options: FollowOptions = {}) => {
  const { first, patienceMs = 30_000, cancel = [], until = () => false, allSent = false } = options
  const deadline = Date.now() + patienceMs
  const answered = new Set<string>()
  let open = [...ids]
  let looked = Date.now()
  while (open.length > 0 && Date.now() < deadline && !until()) {
    const now = await standings(world.view, open).catch((): Standing[] => [])
    await Promise.all(now.map((thread) => answer(thread, driver, answered, cancel, first)))
    const due = !allSent && Date.now() - looked > LOOK_AT_LOGS_MS
    const lost = due ? await neverSent(world, lookedFor(now)).catch(() => []) : []
    if (due) looked = Date.now()
    const ended = endedOf(now, lost)
    open = open.filter((id) => !ended.includes(id))
    if (open.length > 0) await sleep(LOOK_MS)
  }
  return open
}

/** Whoever may be looking for a run, and keeps others waiting meanwhile. */
const lookedFor = (now: readonly Standing[]): string[] => [
  ...new Set(now.flatMap(({ id, status, holder }) => (status === 'awaiting_run' ? [id] : (holder ?? [])))),
]

/** Those that need not be followed any more. `lost`: threads that look for a run that GitHub never got. */
export const endedOf = (now: readonly Standing[], lost: readonly string[]): string[] =>
  now
    .filter(({ id, status, holder }) => {
      if (ENDED.includes(status) || (status === 'awaiting_run' && lost.includes(id))) return true
      return status === 'sleeping' && holder !== null && lost.includes(holder)
    })
    .map(({ id }) => id)

const answer = async (
  thread: Standing,
  driver: Driver,
  done: Set<string>,
  cancel: readonly string[],
  first?: Replica,
) => {
  const { id, status, asked } = thread
  if (status === 'awaiting_approval' && asked !== null && !done.has(`${id}-${asked}`)) {
    done.add(`${id}-${asked}`)
    await driver.decide(id, asked, true, first, true)
  }
  if (status === 'awaiting_run' && cancel.includes(id) && !done.has(id)) {
    done.add(id)
    await driver.cancel(id, first)
  }
}

/** Of these, the threads whose newest dispatch GitHub never accepted: they look for a run that is not there, for minutes. */
const neverSent = async (world: World, ids: readonly string[]): Promise<string[]> => {
  const accepted = new Set(world.posts().flatMap((post) => (post.accepted ? [post.dispatch_id] : [])))
  const logs = await eventsOf(world.view, ids)
  return ids.filter((id) => {
    const start = logs.get(id)?.findLast((event) => event.type === 'tool_started')
    return start?.type === 'tool_started' && !accepted.has(start.data.dispatch_id)
  })
}

/** How long after `since` the last of these went on: somebody else took it, or its log grew. Null: not in time. */
export const timeToGoOn = async (world: World, threads: readonly Standing[], since: number, patienceMs = 20_000) => {
  let open = [...threads]
  while (open.length > 0) {
    if (performance.now() - since > patienceMs) return null
    const ids = open.map(({ id }) => id)
    const now = new Map((await standings(world.view, ids).catch((): Standing[] => [])).map((one) => [one.id, one]))
    open = open.filter(({ id, owner, version }) => {
      const thread = now.get(id)
      return !thread || (thread.owner === owner && thread.version === version)
    })
    if (open.length > 0) await sleep(10)
  }
  return performance.now() - since
}
