import type { Event } from '../thread/event.ts'
import { Newer, Unreadable } from '../thread/situation.ts'
import { type Waiting, waitingIn } from '../thread/waiting.ts'
import type { AppDeps } from './deps.ts'
import { fewAtOnce } from './few-at-once.ts'
import { shared } from './shared.ts'

/** More wait for people only where something is wrong; the list of threads shows them all. */
export const MOST_WAITING = 200

interface Kept {
  version: number
  waiting: Waiting | null
}

/**
 * The threads that wait for people, each folded once for each of its versions: what a page asks of the database is which there are, and the
 * logs of those that changed. However many look at once, one question is asked; nothing is shown that was true only before it began.
 */
export const createWaiting = ({ log, overview }: Pick<AppDeps, 'log' | 'overview'>) => {
  let kept = new Map<string, Kept>()

  const read = async (id: string, version: number): Promise<[string, Kept]> => {
    const known = kept.get(id)
    if (known?.version === version) return [id, known]
    const { events } = await log.load(id)
    // A log that cannot be read is its own thread's trouble, and told of there.
    return [id, { version: events.length, waiting: readable(events) }]
  }

  const look = async (): Promise<Waiting[]> => {
    const rows = await overview.waiting(MOST_WAITING)
    kept = new Map(await fewAtOnce(rows, ({ id, version }) => read(id, version)))
    return [...kept.values()].flatMap(({ waiting }) => (waiting ? [waiting] : []))
  }

  return shared(look)
}

const readable = (events: readonly Event[]): Waiting | null => {
  try {
    return waitingIn(events)
  } catch (error) {
    if (error instanceof Unreadable || error instanceof Newer) return null
    throw error
  }
}
