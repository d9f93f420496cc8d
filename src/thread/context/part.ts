import type { Event } from '../event.ts'
import { toYaml } from '../yaml.ts'
import { compact } from './compact.ts'
import { type Redact, redactAll } from './redact.ts'
import { tokensIn } from './tokens.ts'

/** One event as the model reads it. */
export class Part {
  readonly event: Event
  readonly text: string
  #tokens: number | undefined

  constructor(event: Event, text: string) {
    this.event = event
    this.text = text
  }

  /** Counted when it is first asked for: nearly no thread is so long that it matters. */
  get tokens(): number {
    this.#tokens ??= tokensIn(this.text)
    return this.#tokens
  }
}

const EMPTY = '{}'

/** Null: nothing of it is shown. */
export const partOf = (event: Event, events: readonly Event[], redact: Redact, words?: number): Part | null => {
  const body = compact(redacted(event, redact), (seq) => events[seq - 1], words)
  if (body === null) return null
  const yaml = toYaml(body, '', 'plain')
  return new Part(event, yaml === EMPTY ? `<${event.type}/>` : `<${event.type}>\n${yaml}\n</${event.type}>`)
}

/** Also what was written before a pattern was known. */
const redacted = (event: Event, redact: Redact): Event =>
  ({ ...event, data: redactAll(event.data as never, redact) }) as Event
