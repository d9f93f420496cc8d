import { tokensIn } from '../../../src/thread/context/tokens.ts'
import type { Event } from '../../../src/thread/event.ts'
import { shown } from '../../../src/thread/shown.ts'
import { isStep } from '../../../src/thread/situate-step.ts'

// What a chat adds around each message: its role and its end.
const AROUND = 4

/**
 * The same thread as chat APIs usually have it: a message for each event, steps as tool calls, all else as JSON. It holds the very facts
 * that a person sees of an event (so no bookkeeping, and nothing twice), not all that the log has: that would be half as much again.
 */
export const standardMessages = (events: readonly Event[]): string[] =>
  events.flatMap((event) => {
    if (event.type === 'message') return [event.data.message]
    if (event.actor.kind === 'model' && isStep(event)) {
      const { intent, ...args } = event.data
      return [JSON.stringify({ id: `call_${event.seq}`, name: intent, arguments: args })]
    }
    const data = shown(event)
    return data === null ? [] : [JSON.stringify({ type: event.type, ...(data as object) })]
  })

export const tokensOf = (messages: readonly string[]): number =>
  messages.reduce((sum, message) => sum + tokensIn(message) + AROUND, 0)
