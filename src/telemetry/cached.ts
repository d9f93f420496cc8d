import { setTimeout as sleep } from 'node:timers/promises'

// A reading that takes long is made that much less often: at most a twentieth of the time is spent on it.
const SPARING = 20

/** One reading at a time, kept for `ms`: however many ask, the world is asked once. */
export const cached = <T>(read: () => Promise<T>, ms: number): (() => Promise<T>) => {
  let latest: Promise<T> | null = null
  let until = 0

  const again = async (): Promise<T> => {
    const began = performance.now()
    try {
      return await read()
    } finally {
      const ended = performance.now()
      until = ended + Math.max(ms, (ended - began) * SPARING)
    }
  }

  return () => {
    if (latest === null || performance.now() >= until) {
      // Until this reading has ended nobody begins another.
      until = Number.POSITIVE_INFINITY
      latest = again()
    }
    return latest
  }
}

/** What was asked for; null where it failed, or took longer than `ms`. */
export const within = <T>(ms: number, asked: Promise<T>): Promise<T | null> =>
  Promise.race([asked.catch(() => null), sleep(ms, null, { ref: false })])
