import { endInWords, type Freeze, frozenAt } from '../../thread/freeze.ts'

const DAY: Record<string, string> = {
  mon: 'Monday',
  tue: 'Tuesday',
  wed: 'Wednesday',
  thu: 'Thursday',
  fri: 'Friday',
  sat: 'Saturday',
  sun: 'Sunday',
}

/** A freeze as a sentence without its end: `on Friday from 16:00 to 24:00 (Europe/Berlin): weekend`. */
export const freezeInWords = (freeze: Freeze): string => {
  const { tz, reason } = freeze
  if ('days' in freeze) {
    const days = freeze.days.map((day) => DAY[day] ?? day).join(', ')
    return `on ${days} from ${freeze.from} to ${freeze.to} (${tz}): ${reason}`
  }
  const { first, last } = freeze
  return first === last ? `on ${first} (${tz}): ${reason}` : `from ${first} to ${last} (${tz}): ${reason}`
}

/** Null: nothing freezes this moment. */
export const frozenInWords = (at: string, freezes: readonly Freeze[]): string | null => {
  const frozen = frozenAt(at, freezes)
  return frozen && `Frozen ${endInWords(frozen)}: ${frozen.reason}`
}
