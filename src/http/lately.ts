import { setTimeout as sleep } from 'node:timers/promises'

/** What was last heard of something outside, and since when that is so. */
export interface Lately<T> {
  /** Null: nothing was ever heard. */
  value: T | null
  at: string | null
  /** Why nothing newer is known; null: it is as new as it is to be. */
  problem: string | null
}

export interface LatelyOptions {
  /**
   * So long an answer is good, and so long nobody asks again after a failure. For as long again it stands in while it is asked anew: nobody
   * waits for GitHub who looked a moment ago.
   */
  freshMs: number
  /** So long somebody waits for an answer; it may still come for the next one. */
  withinMs: number
  now: () => Promise<string>
}

/**
 * Asks the world when somebody wants to know, one question at a time; what was last heard stands in while it does not answer.
 * `changedAt`: when it is known to have changed, which makes whatever was asked for before that old.
 */
export const createLately = <T>(ask: () => Promise<T>, { freshMs, withinMs, now }: LatelyOptions) => {
  let known: Omit<Lately<T>, 'problem'> = { value: null, at: null }
  let problem: string | null = null
  let due = 0
  let askedAt = ''
  let asking: { done: Promise<void>; since: number } | null = null

  const again = async (): Promise<void> => {
    try {
      const at = await now()
      askedAt = at
      known = { value: await ask(), at }
      problem = null
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error)
    }
    due = performance.now() + freshMs
    asking = null
  }

  return async (changedAt = ''): Promise<Lately<T>> => {
    const isOvertaken = changedAt > askedAt
    if (asking === null && (isOvertaken || performance.now() >= due))
      asking = { since: performance.now(), done: again() }
    const isOld = isOvertaken || performance.now() >= due + freshMs || known.at === null
    if (asking && isOld) {
      const left = withinMs - (performance.now() - asking.since)
      if (left > 0) await Promise.race([asking.done, sleep(left, undefined, { ref: false })])
    }
    return { ...known, problem: asking && isOld ? `no answer within ${withinMs / 1000} s` : problem }
  }
}
