import {
  type Append,
  Busy,
  Conflict,
  KeyReused,
  type Lanes,
  type Log,
  TakenBefore,
  type Written,
} from '../../src/agent/ports.ts'
import type { Event } from '../../src/thread/event.ts'
import { takesHold } from '../../src/thread/index-row.ts'
import { laneOf } from '../../src/thread/lane.ts'

type Wake = 'due' | 'later' | null
interface Row {
  owner: string | null
  wake: Wake
  quarantined: boolean
  holds: string | null
}

const BEGINNING = '2026-11-25T12:00:00.000Z'

/** The promises of the store, kept in plain memory by the plainest code: what the real one is compared with. */
export class Reference {
  readonly logs = new Map<string, Event[]>()
  readonly rows = new Map<string, Row>()
  /** Stands still until a test moves it. */
  now = BEGINNING
  readonly deliveries = new Map<string, { hash: string; answer: Written | unknown }>()

  append(owner: string, row: Append): Written {
    const log = this.logs.get(row.thread_id) ?? []
    const unheard = row.expected_version + row.events.length === 0 && !this.#hears(row.thread_id)
    if (row.delivery && !unheard) this.#refuseTaken(row.delivery)
    // Postgres meets the index before the log.
    const holds = this.#holdsAfter(row)
    if (row.events.length > 0 && log.length !== row.expected_version) throw new Conflict('moved on')
    const born = row.events.length > 0 && log.length === 0
    if (row.events.length > 0) this.logs.set(row.thread_id, [...log, ...row.events])
    if (born) this.rows.set(row.thread_id, { owner: null, wake: null, quarantined: false, holds: null })
    const thread = this.rows.get(row.thread_id)
    if (row.delivery && !unheard) this.#remember(row.delivery)
    const untouched = (row.index === null && row.hold === 'keep') || unheard
    if (!thread || untouched) return { now: this.now, known: false, mine: false }
    thread.holds = holds
    const behind = row.expected_version + row.events.length < (this.logs.get(row.thread_id)?.length ?? 0)
    this.#move(thread, owner, row, behind)
    return { now: this.now, known: true, mine: thread.owner === owner }
  }

  /** Whether a hint may still mean something to it. */
  #hears(id: string): boolean {
    const { owner = null, wake = null, holds = null } = this.rows.get(id) ?? {}
    return owner !== null || wake !== null || holds !== null
  }

  /** Only what begins to hold something can be in somebody's way. */
  #holdsAfter({ thread_id, index, events }: Append): string | null {
    const before = this.rows.get(thread_id)?.holds ?? null
    if (index === null) return before
    if (index.holds === null || events.some(takesHold)) {
      if (index.holds !== null && this.holder(index.holds, thread_id)) throw new Busy('held')
      return index.holds
    }
    return before
  }

  /** Who else holds this. */
  holder(name: string, but: string): string | null {
    return [...this.rows].find(([id, { holds }]) => id !== but && holds === name)?.[0] ?? null
  }

  #move(thread: Row, owner: string, { hold, until }: Append, behind: boolean): void {
    const own = thread.owner === owner
    if ((hold === 'take' || hold === 'wake') && thread.quarantined) return
    if (hold === 'take' && thread.owner === null) Object.assign(thread, { owner, wake: null })
    else if (hold === 'take' || hold === 'wake') thread.wake = 'due'
    else if (own && hold === 'release' && (behind || thread.wake === 'due')) thread.wake = null
    else if (own && (hold === 'release' || hold === 'drop')) {
      thread.owner = null
      thread.wake = earliest(thread.wake, until ?? null, this.now)
    }
  }

  claim(owner: string): string[] {
    const due = [...this.rows].filter(([, row]) => row.wake === 'due' && row.owner === null)
    for (const [, row] of due) Object.assign(row, { owner, wake: null })
    return due.map(([id]) => id).sort()
  }

  /** What `owner` took and does not work on any more; in this world nobody dies. */
  rescue(owner: string, active: string[]): string[] {
    return [...this.rows]
      .filter(([id, row]) => row.owner === owner && !active.includes(id))
      .map(([id, row]) => {
        row.wake = null
        return id
      })
      .sort()
  }

  /** Everything that waits for a time has waited long enough. */
  pass(time: string): void {
    this.now = time
    for (const row of this.rows.values()) if (row.wake === 'later') row.wake = 'due'
  }

  quarantine(owner: string, id: string): void {
    const thread = this.rows.get(id)
    if (thread?.owner === owner) Object.assign(thread, { owner: null, wake: null, quarantined: true })
  }

  #refuseTaken({ source, id, body_hash }: NonNullable<Append['delivery']>): void {
    const before = this.deliveries.get(`${source} ${id}`)
    if (!before) return
    if (before.hash !== body_hash) throw new KeyReused('another body')
    throw new TakenBefore(before.answer as { status: number; body: unknown })
  }

  #remember({ source, id, body_hash, answer }: NonNullable<Append['delivery']>): void {
    this.deliveries.set(`${source} ${id}`, { hash: body_hash, answer })
  }
}

const earliest = (wake: Wake, until: string | null, now: string): Wake => {
  const other = until === null ? null : until <= now ? 'due' : 'later'
  return wake === 'due' || other === 'due' ? 'due' : (wake ?? other)
}

/** The reference's lanes, as one process sees them. */
export const lanesOf = (reference: Reference): Lanes => ({
  look: async (place, threadId) => {
    const holder = reference.holder(laneOf(place), threadId)
    return { holder: holder === null ? null : { thread_id: holder, title: '' }, locks: [] }
  },
  wake: async () => null,
  locked: async () => [],
  busy: async () => [],
  running: async () => [],
})

/** The reference as a Log of one process. */
export const logOf = (reference: Reference, owner: string): Log => ({
  load: async (id, after = 0) => ({ events: (reference.logs.get(id) ?? []).slice(after), now: reference.now }),
  append: async (row) => reference.append(owner, row),
  taken: async ({ source, id }) => (reference.deliveries.get(`${source} ${id}`)?.answer as never) ?? null,
  now: async () => reference.now,
})
