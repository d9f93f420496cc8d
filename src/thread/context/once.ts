import { type Event, isFound } from '../event.ts'
import { isStep } from '../situate-step.ts'
import { Part } from './part.ts'

/** What the model has read of each thing that can be looked up, by what was asked. */
export type Read = ReadonlyMap<string, string>

/**
 * What was looked up is shown once. Where it came out as before, it stays where it stands: code's own look is not shown again, and one
 * that the model asked for says so. Where it came out otherwise, the newest is shown; of those among `parts` no other.
 */
export const once = (parts: readonly Part[], before: Read): { parts: Part[]; read: Read } => {
  const read = new Map(before)
  const last = new Map<string, number[]>()
  const gone = new Set<number>()
  const kept: Part[] = []
  let asking: Part | null = null
  for (const one of parts) {
    if (!isFound(one.event)) {
      // People who speak meanwhile have it read anew: that answers the step too.
      if (isStep(one.event)) asking = one
      if (one.event.type === 'error') asking = null
      kept.push(one)
      continue
    }
    const step = asking && `${asking.event.type}_result` === one.event.type ? asking : null
    const key = step ? step.text : `<${one.event.type.replace(/_result$/, '')}/>`
    const pair = step ? [step.event.seq, one.event.seq] : [one.event.seq]
    asking = null
    if (read.get(key) !== one.text) {
      for (const seq of last.get(key) ?? []) gone.add(seq)
      last.set(key, pair)
      read.set(key, one.text)
      kept.push(one)
    } else if (step && !last.has(key)) kept.push(unchanged(one.event))
    else for (const seq of pair) gone.add(seq)
  }
  return { parts: kept.filter(({ event }) => !gone.has(event.seq)), read }
}

const unchanged = (event: Event): Part => new Part(event, `<${event.type}>\nunchanged: true\n</${event.type}>`)
