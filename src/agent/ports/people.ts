import type { ReplyTo } from '../../thread/event.ts'
import type { Story } from '../../thread/story.ts'
import type { ThreadView } from '../../thread/view.ts'

/** A way to reach a person. Deliveries are events, so a restart tells whoever was not told. */
export interface Channel {
  name: string
  deliver(notice: Notice): Promise<Told>
}

/** Whether they were told; `channel` where one channel stands for several. */
export interface Told {
  ok: boolean
  message?: string
  channel?: string
}

export interface Notice<R extends ReplyTo = ReplyTo> {
  thread_id: string
  seq: number
  reply_to: R
  waiting_for: ThreadView['waiting_for']
  status: string
  /** What else there is to say about the thread: facts, gathered by code. */
  story: Story
}
