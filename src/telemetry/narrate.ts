import type { Appended, Logger } from '../agent/ports.ts'
import type { Actor, EventOf } from '../thread/event.ts'

// Decisions are a few events; a fork copies a whole log.
const MOST_NAMES = 8

/** One line for each append, so that a log read by thread_id tells what became of it: who did what, when. Never the words. */
export const narrate = ({ events, before, after, delivery }: Appended, logger: Logger): void => {
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
  for (const event of events) if (event.type === 'glass_broken' && before !== null) warn(event, logger)
}

/** Somebody went ahead in spite of the team's rules: whoever reads only what is unusual should read this. */
const warn = ({ thread_id, seq, data }: EventOf<'glass_broken'>, logger: Logger): void => {
  const blocked = data.blocked.map(({ code }) => code)
  logger.warn({ thread_id, seq, by: `person/${data.by}`, blocked }, 'glass broken')
}

const nameOf = (actor: Actor): string => ('id' in actor ? `${actor.kind}/${actor.id}` : actor.kind)
