import type { Event } from '../../thread/event.ts'
import type { ThreadState } from '../../thread/state.ts'
import type { Lanes } from './lanes.ts'
import type { Delivery } from './log.ts'
import type { Judge, Model } from './model.ts'
import type { Channel } from './people.ts'
import type { Threads } from './threads.ts'
import type { Tools } from './tools.ts'

/** What the loop reaches the world through. */
export interface Ports {
  model: Model
  /** Not there: nobody looks at steps a second time. */
  judge?: Judge
  tools: Tools
  channel: Channel
  threads: Threads
  lanes: Lanes
}

/** Structured logs; the first argument's fields name thread and seq. */
export interface Logger {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** What one append made of a thread, told after its commit and only to whoever appended. `log`: all of its events. */
export interface Appended {
  before: ThreadState | null
  after: ThreadState
  events: readonly Event[]
  log: readonly Event[]
  delivery?: Delivery
}
export type Watch = (appended: Appended) => void

/** Goes around each stretch of work on a thread, from its claim to its rest. */
export type Around = <T>(thread: Pick<ThreadState, 'id' | 'agent'>, work: () => Promise<T>) => Promise<T>
