const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

const two = (number: number): string => String(number).padStart(2, '0')

/** `14:02 UTC, Wed 25 Nov 2026`: the same for every reader, wherever they are. */
export const inUtc = (iso: string): string => {
  const at = new Date(iso)
  if (Number.isNaN(at.getTime())) return 'unknown'
  return `${timeInUtc(iso)}, ${dayInUtc(iso)}`
}

/** `Wed 25 Nov 2026`, in UTC. */
export const dayInUtc = (iso: string): string => {
  const at = new Date(iso)
  if (Number.isNaN(at.getTime())) return 'unknown'
  return `${DAYS[at.getUTCDay()]} ${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]} ${at.getUTCFullYear()}`
}

/** `14:02`, in UTC: for what happened today. */
export const timeInUtc = (iso: string): string => {
  const at = new Date(iso)
  return Number.isNaN(at.getTime()) ? 'unknown' : `${two(at.getUTCHours())}:${two(at.getUTCMinutes())} UTC`
}

/** `59 minutes after this was sent`: a mail is read later, so `in 59 minutes` would be wrong then. */
export const afterSending = (iso: string, sent: string): string => {
  const minutes = Math.round((Date.parse(iso) - Date.parse(sent)) / 60_000)
  if (!(minutes > 0)) return 'over already when this was sent'
  if (minutes < 120) return `${minutes === 1 ? '1 minute' : `${minutes} minutes`} after this was sent`
  const hours = Math.round(minutes / 60)
  return hours < 48 ? `${hours} hours after this was sent` : `${Math.round(hours / 24)} days after this was sent`
}
