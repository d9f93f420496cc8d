import { Refused } from '../thread/input.ts'
import { type Delivery, type Door, type Log, TakenBefore, type TakenOnce, type Threads } from './ports.ts'
import type { Gather } from './releases.ts'

const code = { kind: 'code' } as const

/** Reaches other threads. What may be repeated after a crash is taken once, by the step that caused it. */
export const createThreads = (door: Door, log: Pick<Log, 'taken'>, gather: Gather): Omit<Threads, 'dispatchOf'> => ({
  launchChild: async (child) => {
    const delivery = keyOf(`${child.parent.thread_id}-${child.parent.seq}`)
    return launchOnce(door, { ...child, type: 'launch' }, delivery)
  },

  stopChild: async ({ parent, id, gently, reason }) => {
    const key = `${parent.thread_id}-${parent.seq}`
    const child = id ?? idIn((await log.taken(keyOf(key)))?.body)
    if (child === null) return { accepted: true, message: 'it was never launched' }
    try {
      const once = { ...keyOf(`${key}/stop`), answer: () => ({ status: 202, body: {} }) }
      await door.handle(child, { type: 'cancel', reason, gently, actor: code }, once)
      return { accepted: true, message: 'it was stopped' }
    } catch (error) {
      if (error instanceof TakenBefore) return { accepted: true, message: 'it was stopped' }
      if (error instanceof Refused) return { accepted: false, message: error.message }
      throw error
    }
  },

  tellParent: async ({ thread_id, seq }, end) => {
    try {
      await door.handle(thread_id, { type: 'child_ended', to: seq, end, actor: code })
    } catch (error) {
      // There is nobody to tell: that is no fault of the child.
      if (!(error instanceof Refused)) throw error
    }
  },

  handOn: (pulls) => gather(pulls, `handed on ${pulls.map(({ sha }) => sha).join(' ')}`),
})

/** The same cause is the same delivery, whatever process acts on it. */
const keyOf = (id: string): Delivery => ({ source: 'thread', id, body_hash: '' })

/** Launches a thread unless that was done before. Its id. */
export const launchOnce = async (
  door: Door,
  launch: Parameters<Door['launch']>[0],
  delivery: Delivery,
): Promise<string> => {
  const once: TakenOnce = {
    ...delivery,
    answer: ([first]) => ({ status: 201, body: { thread_id: first?.thread_id ?? '' } }),
  }
  try {
    const [first] = await door.launch(launch, once)
    return first?.thread_id ?? ''
  } catch (error) {
    const id = error instanceof TakenBefore ? idIn(error.answer.body) : null
    if (id === null) throw error
    return id
  }
}

const idIn = (body: unknown): string | null => {
  const { thread_id } = (body ?? {}) as { thread_id?: unknown }
  return typeof thread_id === 'string' ? thread_id : null
}
