import type { EventOf, EventType } from '../../../thread/event.ts'
import { tagInWords } from '../../../thread/text.ts'

/** One event as people say it. `words`: what was written or asked, as it was. */
export interface Told {
  text: string
  words?: string
  /** Part of the conversation: somebody says, asks or answers something. Else it is only among all that happened. */
  talk?: true
  mood?: 'good' | 'bad' | 'asks'
  /** Another thread that it leads to. */
  thread?: string
}

export type Telling = { [T in EventType]?: (event: EventOf<T>) => Told }

/** `backend v1.2.3 to production`. */
export const aim = ({ service, tag, environment }: { service: string; tag: string; environment: string }): string =>
  `${service} ${tagInWords(tag)} to ${environment}`
