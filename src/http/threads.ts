import type { Log } from '../agent/ports.ts'
import type { Event } from '../thread/event.ts'
import { Problem } from './errors.ts'
import { launchedBy } from './jobs.ts'
import type { JobClaims } from './oidc.ts'
import { isThreadId } from './schemas/requests.ts'

/** All events of a thread. Problem 404 where there is none by that id, which includes what is no id at all. */
export const eventsOf = async (log: Log, id: string): Promise<Event[]> => {
  refuseNoId(id)
  const { events } = await log.load(id)
  if (events.length === 0) throw notFound()
  return events
}

/** As far as the asker may see: a job sees what its own repository launched, and of the others not even that they are there. */
export const eventsFor = async ({ params, job }: Asking, log: Log): Promise<Event[]> => {
  const events = await eventsOf(log, params.id)
  if (job && !launchedBy(job, events)) throw notFound()
  return events
}

interface Asking {
  params: { id: string }
  job: JobClaims | null
}

export const refuseNoId = (id: string): void => {
  if (!isThreadId(id)) throw notFound()
}

const notFound = (): Problem => new Problem(404, 'unknown_thread', 'there is no such thread')
