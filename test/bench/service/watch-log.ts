import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool } from 'pg'
import type { Event } from '../../../src/thread/event.ts'

const LOOK_MS = 4

/** Asks the database for all that is waited for at once, so that watching costs the service nothing, and the two cores little. */
export const watchLog = (view: Pool) => {
  const waiting = new Map<string, { id: string; type: Event['type']; tell: (event: Event) => void }>()
  const text = `select w.thread_id || ' ' || w.type as key, e.seq from unnest($1::uuid[], $2::text[]) w (thread_id, type)
      join events e using (thread_id, type)`
  const look = async (): Promise<void> => {
    const all = [...waiting.values()]
    const values = [all.map(({ id }) => id), all.map(({ type }) => type)]
    const { rows } = all.length > 0 ? await view.query({ name: 'until', text, values }) : { rows: [] }
    for (const { key, ...event } of rows) {
      waiting.get(key)?.tell(event)
      waiting.delete(key)
    }
  }
  let isOpen = true
  const going = (async () => {
    for (; isOpen; await sleep(LOOK_MS)) await look()
  })()
  return {
    until: (id: string, type: Event['type']) =>
      new Promise<Event>((tell) => waiting.set(`${id} ${type}`, { id, type, tell })),
    close: async () => {
      isOpen = false
      await going
    },
  }
}
