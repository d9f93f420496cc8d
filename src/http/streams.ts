import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyReply } from 'fastify'
import type { Event } from '../thread/event.ts'
import type { AppDeps } from './deps.ts'
import { openEventStream } from './event-stream.ts'

const PING_MS = 15_000
// The bell may lose a ring; nobody waits longer than this for an event because of it.
const POLL_MS = 2_000

/** Live readers of threads (server-sent events). Each goes through the log by itself: nothing is missed, nothing comes twice. */
export const createStreams = ({ log, bell }: Pick<AppDeps, 'log' | 'bell'>) => {
  const closing = new AbortController()

  const open = (threadId: string, after: number, reply: FastifyReply): void => {
    const raw = openEventStream(reply)
    const gone = new AbortController()
    const signal = AbortSignal.any([gone.signal, closing.signal])
    let rung = new AbortController()
    const deaf = bell.listen(({ thread_id }) => thread_id === threadId && rung.abort())
    raw.on('close', () => gone.abort())

    const follow = async (): Promise<void> => {
      let last = after
      let pinged = performance.now()
      while (!signal.aborted) {
        rung = new AbortController()
        const { events } = await log.load(threadId, last)
        for (const event of events) await write(raw, frame(event), signal)
        last = events.at(-1)?.seq ?? last
        if (performance.now() - pinged > PING_MS) {
          await write(raw, ': ping\n\n', signal)
          pinged = performance.now()
        }
        if (events.length === 0) await pause(AbortSignal.any([signal, rung.signal]))
      }
    }
    // A reader whose stream breaks comes back with Last-Event-ID: ending it is the honest answer to any failure.
    follow()
      .catch(() => {})
      .finally(() => {
        deaf()
        raw.end()
      })
  }

  return { open, close: () => closing.abort() }
}

const frame = (event: Event): string => `id: ${event.seq}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`

const write = async (raw: NodeJS.WritableStream, text: string, signal: AbortSignal): Promise<void> => {
  if (!raw.write(text)) await once(raw, 'drain', { signal })
}

const pause = (signal: AbortSignal): Promise<void> =>
  sleep(POLL_MS, undefined, { signal }).then(
    () => {},
    () => {},
  )
