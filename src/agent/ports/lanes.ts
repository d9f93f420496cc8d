import type { Deploying } from '../../thread/event.ts'
import type { HeldLock, Lane, Place } from '../../thread/lane.ts'

/** A thread whose deployment is under way, and since when. */
export interface Running extends Deploying {
  since: string
}

/** Who deploys where, and what is locked: read from the index, which the log is written with. */
export interface Lanes {
  /** What stands in the way of this thread at `place` now. Its own dispatch does not. */
  look(place: Place, threadId: string): Promise<Lane>
  /** Makes the oldest thread that awaits its turn in this lane due at once; its id, or null where none does. */
  wake(lane: string): Promise<string | null>
  /** Every lock that stands now, the oldest first. */
  locked(): Promise<HeldLock[]>
  /** Who deploys where at this moment. */
  busy(): Promise<Deploying[]>
  /** The same, and since when: for people, who ask less often than threads do. */
  running(): Promise<Running[]>
}
