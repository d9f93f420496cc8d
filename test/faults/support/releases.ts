import { setTimeout as sleep } from 'node:timers/promises'
import type { Event } from '../../../src/thread/event.ts'
import { fold } from '../../../src/thread/evolve.ts'
import { next } from '../../../src/thread/next.ts'
import { gatheredOnce, openTogether } from '../invariants/releases.ts'
import type { Snapshot } from '../invariants.ts'
import type { Driver } from './driver.ts'
import type { Replica } from './replica.ts'
import type { Tally } from './scenario.ts'
import { eventsOf } from './view.ts'
import type { World } from './world.ts'

type Logs = Snapshot['logs']

const LOOK_MS = 60
// A replica looks once a minute for merges that it was not told of.
const PATIENCE_MS = 150_000
/** Pull requests that are merged now; their numbers. */
export const merge = async (world: World, count: number): Promise<number[]> => {
  const merged = (await world.control('POST', '/merges', { count })) as { number: number }[]
  return merged.map(({ number }) => number)
}

/**
 * Says yes to whatever asks, until each of these merges is in a release and nothing moves any more. A dispatch that GitHub never got is
 * looked for, for minutes: its thread, and what waits for that, are left at it. A text: not in time, and what was still going on.
 */
export const seeThrough = async (world: World, driver: Driver, merged: readonly number[], first?: Replica) => {
  const deadline = Date.now() + PATIENCE_MS
  const answered = new Set<string>()
  let open = ''
  while (Date.now() < deadline) {
    const logs = await eventsOf(world.view).catch((): Logs => new Map())
    const told = new Set([...logs.values()].flat().flatMap(numberIn))
    const lost = lostIn(logs, world)
    const going = [...logs].filter(([id, log]) => !lost.has(id) && !rests(log))
    if (merged.every((number) => told.has(number)) && going.length === 0) return logs
    open = going
      .map(([id, log]) => `${id} ${fold(log)?.status} after ${log.slice(-4).map(({ type }) => type)}`)
      .join('; ')
    await Promise.all([...logs].map(([id, log]) => approve(id, log, driver, answered, first)))
    await sleep(LOOK_MS)
  }
  return `the releases came to no end: ${open}`
}

const numberIn = (event: Event): number[] => (event.type === 'pull_request_merged' ? [event.data.number] : [])

const OVER = ['done', 'failed', 'cancelled', 'awaiting_human']

const rests = (log: readonly Event[]): boolean => {
  const state = fold(log)
  return state !== null && OVER.includes(state.status) && next(state).do === 'rest'
}

/** Threads whose newest dispatch never came to GitHub, and those that wait for them. */
const lostIn = (logs: Logs, world: World): Set<string> => {
  const accepted = new Set(world.posts().flatMap((post) => (post.accepted ? [post.dispatch_id] : [])))
  const ids = [...logs].flatMap(([id, log]) => {
    const start = log.findLast(({ type }) => type === 'tool_started')
    // Looked for, and not merely on its way; people may be told of it meanwhile.
    const unclear = start && log.slice(start.seq).some(({ type }) => type === 'dispatch_unclear')
    return start?.type === 'tool_started' && unclear && !accepted.has(start.data.dispatch_id) ? [id] : []
  })
  const parents = ids.flatMap((id) => {
    const launched = logs.get(id)?.[0]
    return launched?.type === 'thread_launched' && launched.data.parent ? [launched.data.parent.thread_id] : []
  })
  return new Set([...ids, ...parents])
}

const approve = async (id: string, log: readonly Event[], driver: Driver, answered: Set<string>, first?: Replica) => {
  const state = fold(log)
  if (state?.status !== 'awaiting_approval' || answered.has(`${id}-${state.request.seq}`)) return
  answered.add(`${id}-${state.request.seq}`)
  await driver.decide(id, state.request.seq, true, first, true)
}

/** The thread and the place of the newest event of that type, once there are so many. */
export const untilEvent = async ({ view }: World, type: string, count = 1): Promise<[id: string, seq: number]> => {
  for (;;) {
    const found = [...(await eventsOf(view)).values()].flat().filter((event) => event.type === type)
    const last = found.at(-1)
    if (last && found.length >= count) return [last.thread_id, last.seq]
    await sleep(50)
  }
}

/** What is wrong with how these merges were released, beside what is promised of every thread. */
export const judge = (
  world: World,
  logs: Logs | string,
  merged: readonly number[],
  what: string,
  tally: Tally,
): void => {
  if (typeof logs === 'string') return void tally.problems.push(`${what}: ${logs}`)
  const lost = lostIn(logs, world)
  const wrong = [...openTogether(logs), ...gatheredOnce(logs, merged)]
  tally.problems.push(...wrong.map((line) => `${what}: ${line}`))
  if (lost.size === 0 && ![...logs.values()].some(finishedWell)) tally.problems.push(`${what}: nothing was released`)
}

const finishedWell = (log: readonly Event[]): boolean =>
  log.some((event) => event.type === 'release_finished' && event.data.outcome === 'released')
