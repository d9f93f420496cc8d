import { type DispatchOutcome, type Hosts, ToolError } from '../agent/ports.ts'
import { toToolError } from './errors.ts'

export interface GuardOptions {
  apiUrl: string
  /** Knows whether GitHub is down. Without it, every call is made. */
  hosts?: Hosts
  /** For all the requests of one reading together. Default 30 s. */
  callTimeoutMs?: number
}

const WAITING = 'GitHub is not answering; it is left alone for a moment'
const DOWN = ['github_unavailable', 'github_unreachable', 'github_timeout']

/** Asks GitHub only while it answers, and never for ever. */
export const createGuard = ({ apiUrl, hosts, callTimeoutMs = 30_000 }: GuardOptions) => {
  const { host } = new URL(apiUrl)
  const pause = async (): Promise<number> => (await hosts?.pauseOf(host)) ?? 0

  return {
    /** Whatever goes wrong in here is a ToolError to those outside. */
    reading: async <T>(act: () => Promise<T>): Promise<T> => {
      const wait = await pause()
      if (wait > 0) throw new ToolError('github_unavailable', WAITING, { retryAfterMs: wait })
      try {
        const found = await within(callTimeoutMs, act())
        hosts?.report(host, false)
        return found
      } catch (error) {
        const failed = toToolError(error)
        hosts?.report(host, DOWN.includes(failed.code))
        throw failed
      }
    },

    /** Refused in here, nothing was sent; what was sent is told as it came out. */
    dispatching: async (send: () => Promise<DispatchOutcome>): Promise<DispatchOutcome> => {
      const wait = await pause()
      if (wait > 0) return { outcome: 'deferred', retry_after_ms: wait, reason: WAITING }
      const answer = await send()
      // "Later" may be a limit or a connection that never came about, so it says nothing of the host.
      if (answer.outcome !== 'deferred') hosts?.report(host, answer.outcome === 'unclear')
      return answer
    },
  }
}

/** What is given up here only reads or asks to stop, and each of its requests has a deadline of its own. */
const within = <T>(ms: number, asked: Promise<T>): Promise<T> => {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(tooLong()), ms)
  return Promise.race([asked, late.promise]).finally(() => clearTimeout(timer))
}

const tooLong = () => new ToolError('github_timeout', 'GitHub took too long', { retryAfterMs: 2_000 })
