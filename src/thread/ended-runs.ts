import type { Event } from './event.ts'
import type { Known } from './known.ts'

/** The runs that have ended, after one more event. One that is started again later stays an ended one: it is not followed. */
export const endedRuns = ({ ended_runs }: Known, event: Event): Known['ended_runs'] => {
  const ends = event.type === 'run_reported' && event.data.status === 'completed'
  if (!ends && event.type !== 'run_restarted') return ended_runs
  const { run_id, dispatch_id, attempt } = event.data
  return { ...ended_runs, [run_id]: { dispatch_id, attempt } }
}
