import type { Actor, Event } from '../../thread/event.ts'
import type { Fork } from '../../thread/fork.ts'
import type { Request } from '../../thread/input.ts'
import type { Answer, Delivery } from './log.ts'

/** A request to change a thread, and how to answer it; `answer` is stored with the delivery and replayed to its duplicates. */
export interface TakenOnce extends Delivery {
  answer: (events: Event[]) => Answer
}

/** What became of a hint. `not_awaited`: there is no such thread, or nothing more can come of it; then it is not remembered either. */
export type Hint = 'woke' | 'taken_before' | 'not_awaited'

/** The one write door, as HTTP sees it. Rejects with Refused, TakenBefore, KeyReused. All of the thread's events come back. */
export interface Door {
  launch(request: Extract<Request, { type: 'launch' | 'lock' | 'link' }>, delivery?: TakenOnce): Promise<Event[]>
  handle(threadId: string, request: Request, delivery?: TakenOnce): Promise<Event[]>
  fork(threadId: string, fork: Fork, actor: Actor, delivery?: TakenOnce): Promise<Event[]>
  /** Something outside moved that needs no event: the thread looks for itself. */
  hint(threadId: string, delivery: Delivery & { answer: Answer }): Promise<Hint>
}
