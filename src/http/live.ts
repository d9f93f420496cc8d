import type { FastifyReply } from 'fastify'
import type { AppDeps } from './deps.ts'
import { openEventStream } from './event-stream.ts'

interface Looker {
  /** Null: all of them. */
  thread: string | null
  /** What their page shows. */
  version: number
  tell: (text: string) => void
}

const PING_MS = 15_000
// The bell may lose a ring; nobody looks at what is no longer so for longer than this because of it. One question for all lookers.
const POLL_MS = 2_000
// Lists change with every event of any thread: looking at them anew more often would cost more than it shows.
const LISTS_MS = 1_000
const CHANGED = 'data: changed\n\n'

/** Tells open pages that what they show has changed; they fetch it anew. Nothing of a thread is said here. */
export const createLive = ({ bell, overview }: Pick<AppDeps, 'bell' | 'overview'>) => {
  const lookers = new Set<Looker>()
  let listsDue: NodeJS.Timeout | null = null
  let listsTold = 0

  const tellLists = (): void => {
    listsDue = null
    listsTold = performance.now()
    for (const { thread, tell } of lookers) if (thread === null) tell(CHANGED)
  }
  const deaf = bell.listen(({ thread_id }) => {
    for (const { thread, tell } of lookers) if (thread === thread_id) tell(CHANGED)
    listsDue ??= setTimeout(tellLists, Math.max(0, listsTold + LISTS_MS - performance.now()))
  })

  const look = async (some: Iterable<Looker>): Promise<void> => {
    const watching = [...some].filter((looker) => looker.thread !== null)
    const ids = [...new Set(watching.map(({ thread }) => thread ?? ''))]
    if (ids.length === 0) return
    const versions = await overview.versions(ids)
    for (const looker of watching) {
      const version = versions.get(looker.thread ?? '') ?? 0
      if (version > looker.version) looker.tell(CHANGED)
      looker.version = Math.max(version, looker.version)
    }
  }
  // What the database does not answer now it answers in two seconds.
  const poll = setInterval(() => void look(lookers).catch(() => {}), POLL_MS)
  const ping = setInterval(() => {
    for (const { tell } of lookers) tell(': ping\n\n')
  }, PING_MS)

  return {
    open(thread: string | null, version: number, reply: FastifyReply): void {
      const raw = openEventStream(reply)
      // Who does not read misses nothing: the next word says the same.
      const tell = (text: string): void => void (raw.writableNeedDrain || raw.write(text))
      const looker = { thread, version, tell }
      lookers.add(looker)
      raw.on('close', () => lookers.delete(looker))
      void look([looker]).catch(() => {})
    },
    close(): void {
      deaf()
      clearInterval(poll)
      clearInterval(ping)
      if (listsDue) clearTimeout(listsDue)
      lookers.clear()
    },
  }
}
