import type { Told } from '../../agent/ports.ts'
import type { Answered } from './post.ts'

// As the first pause of the log, which knows better how often it failed.
const SOONEST_MS = 5_000
const LONGEST_PAUSE_MS = 24 * 60 * 60 * 1_000

/** What an answer at this time makes of a message with this id. */
export const outcomeOf = (answered: Answered, id: string, at: Date): Told => {
  if (answered.status === null) {
    return answered.forbidden ? never(answered.error) : later(answered.error, answered.pauseMs)
  }
  const { status, retryAfter } = answered
  if (status >= 200 && status < 300) return { ok: true, ref: id }
  if (status >= 300 && status < 400) return never(`HTTP ${status}: redirects are not followed`)
  if (status === 410) return never('HTTP 410: it wants no more')
  // 4xx too, as the standard has it: a receiver's own mistake is mended within hours, not seconds.
  return later(`HTTP ${status}`, pauseIn(retryAfter, at))
}

export const never = (message: string): Told => ({ ok: false, message })

const later = (message: string, pause = SOONEST_MS): Told => ({
  ok: false,
  message,
  retry_after_ms: Math.min(Math.max(pause, SOONEST_MS), LONGEST_PAUSE_MS),
})

/** Retry-After: seconds, or a date. */
const pauseIn = (text: string | undefined, now: Date): number => {
  const seconds = text && /^\d{1,9}$/.test(text) ? Number(text) : (Date.parse(text ?? '') - now.getTime()) / 1000
  return Number.isNaN(seconds) ? SOONEST_MS : Math.ceil(seconds * 1000)
}
