import type { Event } from '../../../thread/event.ts'
import { inWords } from '../words.ts'
import { TELL_RUNS } from './tell-runs.ts'
import { TELL_TURNS } from './tell-turns.ts'
import type { Telling, Told } from './told.ts'

const TELL: Telling = { ...TELL_TURNS, ...TELL_RUNS }

/** What happened, without who did it. What has no sentence of its own is told by its type. */
export const tell = (event: Event): Told => {
  const told = TELL[event.type] as ((event: Event) => Told) | undefined
  return told?.(event) ?? { text: inWords(event.type) }
}
