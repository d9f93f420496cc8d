import { DURATION, secondsIn } from '../../thread/time.ts'

/** What `/deploybot …` asks for. */
export type Command =
  | { do: 'help' }
  | { do: 'status' }
  | { do: 'lock'; environment: string; service: string | null; seconds: number; reason: string }
  | { do: 'unlock'; environment: string; service: string | null; reason: string }
  | { do: 'link'; person: string }
  | { do: 'launch'; message: string }

const IS_DURATION = new RegExp(DURATION)

/** The words after the command. What is none of its own verbs is for the agent to understand. */
export const commandIn = (text: string, services: readonly string[]): Command => {
  const [verb = '', ...rest] = text.trim().split(/\s+/)
  switch (verb.toLowerCase()) {
    case '':
    case 'help':
      return { do: 'help' }
    case 'status':
      return rest.length === 0 ? { do: 'status' } : { do: 'launch', message: text }
    case 'link':
      return rest.length === 1 ? { do: 'link', person: rest[0] ?? '' } : { do: 'help' }
    case 'lock':
      return lockIn(rest) ?? { do: 'help' }
    case 'unlock':
      return unlockIn(rest, services) ?? { do: 'help' }
    default:
      return { do: 'launch', message: text }
  }
}

/** `production [backend] 2h reason…` */
const lockIn = ([environment, ...rest]: string[]): Command | null => {
  const at = rest.findIndex((word) => IS_DURATION.test(word))
  const duration = rest[at]
  const reason = rest.slice(at + 1).join(' ')
  if (environment === undefined || duration === undefined || at > 1 || reason === '') return null
  return { do: 'lock', environment, service: at === 1 ? (rest[0] ?? null) : null, seconds: secondsIn(duration), reason }
}

/** `production [backend] reason…` */
const unlockIn = ([environment, ...rest]: string[], services: readonly string[]): Command | null => {
  const [first] = rest
  const service = first !== undefined && services.includes(first) ? first : null
  const reason = rest.slice(service === null ? 0 : 1).join(' ')
  if (environment === undefined || reason === '') return null
  return { do: 'unlock', environment, service, reason }
}
