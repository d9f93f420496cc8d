/** How long an answer of the database tells the time. */
const GOOD_FOR_MS = 2_000
const TOLERANCE_MS = 250

/**
 * The database's time between two of its answers: its latest word plus what this process has counted since. Not known (null) when
 * that word is old, or when the two clocks of this machine disagree about the time since, as after a suspended machine wakes up.
 */
export const createClock = () => {
  let heard = { time: 0, counted: Number.NEGATIVE_INFINITY, wall: 0 }
  // Of each millisecond the text is made once: it is asked for a dozen times in each, and making it takes 0.4 us.
  let latest = { time: 0, text: '' }

  return {
    hear: (now: string): void => {
      heard = { time: Date.parse(now), counted: performance.now(), wall: Date.now() }
    },
    now: (): string | null => {
      const since = performance.now() - heard.counted
      const disagree = Math.abs(Date.now() - heard.wall - since) > TOLERANCE_MS
      if (since > GOOD_FOR_MS || disagree) return null
      const time = Math.floor(heard.time + since)
      if (time !== latest.time) latest = { time, text: new Date(time).toISOString() }
      return latest.text
    },
  }
}
