import { type Channel, type Door, type Notice, TakenBefore, type TakenOnce, type Told } from '../agent/ports.ts'
import { Refused } from '../thread/input.ts'
import { plainWords } from './words.ts'

type ToThread = Notice<{ thread: string }>

const LATER_MS = 5_000

/**
 * Tells another thread, by words in it: the same message once, however often it is tried. A thread can name only threads that were there
 * before it, so that no circle of them tells each other for ever; itself it could not, and does not.
 */
export const createThreadChannel = (door: Pick<Door, 'handle'>, publicUrl: string): Channel<{ thread: string }> => ({
  name: 'thread',
  deliver: async (notice: ToThread): Promise<Told> => {
    const { thread_id, address } = notice
    if (address.thread === thread_id) return { ok: false, message: 'a thread does not tell itself' }
    const message = `Thread ${thread_id} tells:\n${plainWords(notice, `${publicUrl}/threads/${thread_id}`)}`
    const actor = { kind: 'caller', id: `thread ${thread_id}`, via: 'thread' } as const
    try {
      await door.handle(address.thread, { type: 'message', message, actor }, onceFor(notice))
      return { ok: true }
    } catch (error) {
      return failed(error)
    }
  },
})

const onceFor = ({ thread_id, seq, kind, address }: ToThread): TakenOnce => ({
  source: 'told',
  id: `${thread_id}/${seq}/${kind}/${address.thread}`,
  body_hash: '',
  answer: () => ({ status: 202, body: {} }),
})

const failed = (error: unknown): Told => {
  if (error instanceof TakenBefore) return { ok: true }
  if (error instanceof Refused) return { ok: false, message: `${error.code}: ${error.message}` }
  const message = error instanceof Error ? error.message.slice(0, 200) : 'failed'
  return { ok: false, message, retry_after_ms: LATER_MS }
}
