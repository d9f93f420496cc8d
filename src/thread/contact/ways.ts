import { openQuestion, type ThreadState } from '../state.ts'
import type { Way } from './address.ts'

interface Manner {
  /** A question is a message of its own there; otherwise what is told of the thread says that it asks. */
  asks_apart: boolean
  /** A message can be changed after it was sent. */
  edits: boolean
  /** Whoever was asked hears what became of it: by an edit, or in another message. */
  updates: boolean
}

export const MANNERS: Record<Way, Manner> = {
  webhook: { asks_apart: false, edits: false, updates: true },
  thread: { asks_apart: false, edits: false, updates: false },
  github_comment: { asks_apart: false, edits: true, updates: false },
  slack: { asks_apart: true, edits: true, updates: true },
  email: { asks_apart: true, edits: false, updates: true },
  // Each costs money, and the link in the first one leads to what is true now.
  sms: { asks_apart: true, edits: false, updates: false },
  // It takes calls and knows no way to take one back.
  humanlayer: { asks_apart: true, edits: false, updates: false },
}

/** Seq of the newest thing that whoever asked is to hear of there now; 0: nothing. */
export const heardBy = (way: Way, state: ThreadState): number => {
  switch (way) {
    case 'webhook':
    case 'thread':
      return Math.max(question(state), end(state))
    case 'github_comment':
      // The one comment would else ask for an approval that was given, until the run is over.
      return Math.max(question(state), started(state), end(state))
    case 'slack':
      return state.contacts.news
    case 'email':
    case 'sms':
    case 'humanlayer':
      return end(state)
  }
}

const question = (state: ThreadState): number =>
  Math.max(openQuestion(state) ?? 0, state.status === 'awaiting_thread' ? (state.release?.offer?.seq ?? 0) : 0)

const started = (state: ThreadState): number => (state.status === 'awaiting_run' ? state.run.started : 0)

const end = (state: ThreadState): number =>
  state.status === 'done' || state.status === 'failed' || state.status === 'cancelled' ? state.seq : 0
