import type { Actor } from '../../../thread/event.ts'
import { line } from '../words.ts'

/** Whose deed an event is, as people say it. */
export const who = (actor: Actor): string => {
  switch (actor.kind) {
    case 'person':
    case 'caller':
      return line(actor.id, 60)
    case 'model':
      return 'The model'
    case 'code':
      return 'Deploybot'
    case 'github':
      return 'GitHub'
  }
}

/** Where they said it; empty: nowhere in particular. */
export const whereSaid = (actor: Actor): string =>
  (actor.kind === 'person' || actor.kind === 'caller') && actor.via ? `via ${line(actor.via, 60)}` : ''

export const isPerson = ({ kind }: Actor): boolean => kind === 'person' || kind === 'caller'
