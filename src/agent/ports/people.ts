import type { Address } from '../../thread/contact/address.ts'
import type { Asked } from '../../thread/contact/question.ts'
import type { Json } from '../../thread/event.ts'
import type { Story } from '../../thread/story.ts'
import type { ThreadView } from '../../thread/view.ts'

/** A way to reach people and programs. Deliveries are events, so a restart tells whoever was not told. */
export interface Channel<P extends Address = Address> {
  name: string
  /** Tells what is to be told in this address now. Never throws: what goes wrong is an answer. */
  deliver(notice: Notice<P>): Promise<Told>
}

/** What became of it. */
export interface Told {
  ok: boolean
  message?: string
  /** Which channel it was, where one stands for several. */
  channel?: string
  /** By what the channel finds this message again, to edit it or to answer it. */
  ref?: Json
  /** The name of the address where a reply to this message will come in, where that is not the address that was told. */
  replies_at?: string
  /** It may work later. Without it and not `ok`: it never will. */
  retry_after_ms?: number
}

/**
 * What a thread has to say in one address. `request`: a question, for the first time there · `reminder`: it still waits · `update`: what was told
 * there has changed, as a question that somebody has answered elsewhere · `notice`: how the thread goes.
 */
export interface Notice<P extends Address = Address> {
  kind: 'request' | 'reminder' | 'update' | 'notice'
  thread_id: string
  /** The newest event that it tells of. */
  seq: number
  address: P
  /** The person whom it is for; null: whoever reads there. */
  person: string | null
  /** What this address answered when it was last told about the same; null: it was not, or cannot say. */
  ref: Json | null
  /** An earlier try has failed, as far as we know: it may be there all the same. */
  tried: boolean
  /** What it asks, or asked. Null: it is about the thread. */
  question: Asked | null
  waiting_for: ThreadView['waiting_for']
  status: string
  /** What else there is to say about the thread: facts, gathered by code. */
  story: Story
}
