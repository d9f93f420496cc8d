import { createHash } from 'node:crypto'
import { fold } from '../../src/thread/evolve.ts'
import { renderThread } from '../../src/thread/prompt.ts'
import { callsIn } from '../../src/thread/replay/calls.ts'
import { type StoredEvent, upcast } from '../../src/thread/upcast.ts'
import { waitingFor } from '../../src/thread/view.ts'

/** What a recorded log must come to, today and ever after. */
export interface Meaning {
  status: string
  waiting_for: string | null
  prompt_sha256: string
}

export interface Recorded {
  meaning: Meaning
  events: StoredEvent[]
}

/** What the present code makes of a log. */
export const meaningOf = (stored: StoredEvent[]): Meaning => {
  const events = stored.map((event) => upcast(event))
  const state = fold(events)
  if (state === null) throw new Error('a thread without events')
  return {
    status: state.status,
    waiting_for: waitingFor(state)?.kind ?? null,
    prompt_sha256: createHash('sha256').update(renderThread(events)).digest('hex'),
  }
}

/** What the present code would show a model at each call of a log, by the place of its answer. */
export const askedIn = (stored: StoredEvent[]): Record<string, string> => {
  const events = stored.map((event) => upcast(event))
  const shown = (seq: number) => renderThread(events.slice(0, seq - 1))
  return Object.fromEntries(
    callsIn(events).map(({ seq }) => [seq, createHash('sha256').update(shown(seq)).digest('hex').slice(0, 16)]),
  )
}
