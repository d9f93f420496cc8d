import type { Actor, Event, EventOf } from '../event.ts'
import { fold } from '../evolve.ts'
import { openQuestion } from '../state.ts'
import { type WaitingFor, waitingFor } from '../view.ts'

/** A question of a thread, as a message about it shows it: what was asked, and what became of it. */
export interface Asked {
  seq: number
  /** As it was asked; it does not change. */
  asked: Extract<WaitingFor, { kind: 'approval' | 'human_input' }>
  /** Whether an answer still counts. */
  open: boolean
  /** What happened to it so far, in order: of two approvals that are needed the first, then how it ended. */
  news: News[]
}

export interface News {
  what: 'approved' | 'withdrawn' | 'denied' | 'answered' | 'expired' | 'superseded' | 'cancelled'
  /** A person or a caller; null: nobody, as with an expiry. */
  by: string | null
  /** The channel that it came by (`slack`, `email link`, `http` …). */
  via: string | null
  at: string
  /** What they said or chose; empty: nothing. */
  words: string
}

/** What was asked at `seq`, told from the log; null: nothing was. */
export const askedAt = (seq: number, events: readonly Event[]): Asked | null => {
  const then = fold(events.slice(0, seq))
  const waiting = then && openQuestion(then) === seq ? waitingFor(then) : null
  if (waiting?.kind !== 'approval' && waiting?.kind !== 'human_input') return null
  const { offer: _, ...asked } = waiting
  const now = fold(events.slice(seq), then)
  const open = now !== null && openQuestion(now) === seq
  const news = events.slice(seq).flatMap((event, after) => {
    if (event.type !== 'cancelled') return newsIn(event, seq)
    const before = fold(events.slice(seq, seq + after), then)
    return before !== null && openQuestion(before) === seq ? [cancelled(event)] : []
  })
  return { seq, asked, open, news }
}

/** How many approvals of those that it needs are there, and were not taken back. */
export const approvalsIn = (news: readonly News[]): number =>
  news.filter(({ what }) => what === 'approved').length - news.filter(({ what }) => what === 'withdrawn').length

/** Why nothing came of a question that expired. One that was approved may do so while it waits its turn. */
export const whyExpired = ({ asked, news }: Pick<Asked, 'asked' | 'news'>): string => {
  const given = approvalsIn(news)
  if (given === 0) return 'nobody answered in time'
  const all = asked.kind !== 'approval' || given >= asked.quorum
  return all ? 'it could not start in time' : 'too few approved in time'
}

const cancelled = ({ data, actor, at }: EventOf<'cancelled'>): News => ({
  ...toldBy(actor, at),
  what: 'cancelled',
  words: data.reason,
})

const toldBy = (actor: Actor, at: string) => {
  const by = actor.kind === 'person' || actor.kind === 'caller' ? actor : null
  return { by: by?.id ?? null, via: by?.via ?? null, at, words: '' }
}

const newsIn = ({ type, data, actor, at }: Event, seq: number): News[] => {
  if (!('to' in data) || data.to !== seq) return []
  const told = toldBy(actor, at)
  switch (type) {
    case 'approval_given':
      return [{ ...told, what: 'approved', words: data.comment ?? '' }]
    case 'approval_withdrawn':
      return [{ ...told, what: 'withdrawn', words: data.comment ?? '' }]
    case 'approval_denied':
      return [{ ...told, what: 'denied', words: data.comment }]
    case 'approval_expired':
      return [{ ...told, what: 'expired' }]
    case 'approval_superseded':
      return [{ ...told, what: 'superseded', words: data.reason }]
    case 'human_response':
      return [{ ...told, what: 'answered', words: data.choice ?? data.response ?? (data.approved ? 'yes' : 'no') }]
    default:
      return []
  }
}
