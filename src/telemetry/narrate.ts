import type { Appended, Logger } from '../agent/ports.ts'
import type { Actor } from '../thread/event.ts'

// Decisions are a few events; a fork copies a whole log.
const MOST_NAMES = 8

/** One line for each append, so that a log read by thread_id tells what became of it: who did what, when. Never the words. */
export const narrate = ({ events, after, delivery }: Appended, logger: Logger): void => {
  const shown = events.slice(-MOST_NAMES)
  const [first] = shown
  if (!first) return
  const fields = {
    thread_id: after.id,
    seq: first.seq,
    events: shown.map(({ type }) => type),
    by: nameOf(first.actor),
    status: after.status,
    ...(delivery ? { delivery_id: delivery.id } : {}),
  }
  logger.info(fields, 'appended')
}

const nameOf = (actor: Actor): string => ('id' in actor ? `${actor.kind}/${actor.id}` : actor.kind)
