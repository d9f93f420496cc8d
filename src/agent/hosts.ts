import { setTimeout as sleep } from 'node:timers/promises'
import type { Hosts } from './ports.ts'

interface Failing {
  failures: number
  /** By this process's clock, which is all that a pause needs. */
  until: number
  probes: number
  /** Resolves when the call that finds out is answered. */
  probe: PromiseWithResolvers<void> | null
}

const FAILURES = 5
const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 10_000
// Hosts of webhooks are named by whoever launches a thread: what is known of the oldest is forgotten.
const MOST_HOSTS = 1_000

/**
 * A circuit breaker for each host, of this process alone: after some failures in a row it is left alone, and then one call
 * finds out whether it is back, while the others wait for what that one learns. (Failing them at once was tried: a thread
 * that makes two calls together then failed by its own probe.) A probe that is never answered blocks nothing for longer than a pause.
 */
export const createHosts = (clock: () => number = () => performance.now()): Hosts => {
  const failing = new Map<string, Failing>()

  const leaveAlone = (host: Failing): void => {
    host.until = clock() + Math.min(FIRST_PAUSE_MS * 2 ** host.probes, LONGEST_PAUSE_MS)
  }

  const pauseOf = async (name: string): Promise<number> => {
    const host = failing.get(name)
    if (!host || host.failures < FAILURES) return 0
    const left = host.until - clock()
    if (left <= 0) {
      host.probes += 1
      host.probe = Promise.withResolvers()
      leaveAlone(host)
      return 0
    }
    if (host.probe === null) return Math.ceil(left)
    await Promise.race([host.probe.promise, sleep(left, undefined, { ref: false })])
    return pauseOf(name)
  }

  const report = (name: string, down: boolean): void => {
    const host = failing.get(name) ?? { failures: 0, until: 0, probes: 0, probe: null }
    host.probe?.resolve()
    host.probe = null
    if (!down) return void failing.delete(name)
    host.failures += 1
    leaveAlone(host)
    failing.set(name, host)
    const [oldest] = failing.keys()
    if (failing.size > MOST_HOSTS && oldest !== undefined) failing.delete(oldest)
  }

  return { pauseOf, report }
}
