import type { Pool } from 'pg'
import { createListing } from '../../store/listing.ts'
import { createLog } from '../../store/log.ts'
import type { Event } from '../../thread/event.ts'

// This process owns no thread.
const NOBODY = 0
const PAGE = 100

/** Logs of threads, the newest first, and those that this code cannot read. */
export interface Past {
  logs: (readonly Event[])[]
  unreadable: { id: string; why: string }[]
}

/** Every thread that was launched since then. Reads, and writes nothing. */
export const threadsSince = async (pool: Pool, since: string): Promise<Past> => {
  const log = createLog(pool, NOBODY)
  const past: Past = { logs: [], unreadable: [] }
  for await (const id of idsSince(pool, since)) {
    try {
      past.logs.push((await log.load(id)).events)
    } catch (error) {
      past.unreadable.push({ id, why: error instanceof Error ? error.message : String(error) })
    }
  }
  return past
}

/** By the index, a page at a time. */
const idsSince = async function* (pool: Pool, since: string): AsyncGenerator<string> {
  const { list } = createListing(pool)
  for (let cursor: string | undefined; ; ) {
    const page = await list({ limit: PAGE, ...(cursor === undefined ? {} : { cursor }) })
    for (const { id, created_at } of page.threads) {
      if (Date.parse(created_at) < Date.parse(since)) return
      yield id
    }
    if (page.cursor === null) return
    cursor = page.cursor
  }
}
