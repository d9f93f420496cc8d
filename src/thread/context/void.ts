import { type Event, isFound, isResult } from '../event.ts'
import { isWrite } from '../policy.ts'
import { isStep } from '../situate-step.ts'
import { serviceOf } from '../target.ts'

/**
 * The seqs of what later events have made void, and so need not be read again: an error that was got over, with the step that it was
 * about; a question that was asked anew; how a run went on before it ended. Looked for among those from `from` on.
 */
export const voided = (events: readonly Event[], from = 0): Set<number> => {
  const gone = new Set<number>()
  for (const event of events.slice(from)) {
    const later = () => events.slice(event.seq)
    if (event.type === 'error' && later().some((next) => getsOver(event, next, events))) drop(gone, event, events)
    if (isOvertaken(event) && later().some(overtakes)) gone.add(event.seq)
    if (event.type === 'approval_superseded' || event.type === 'approval_expired') {
      const asked = events[event.data.to - 1]
      const again =
        asked && later().find((next) => isProposed(next) && placeOf(next, events) === placeOf(asked, events))
      if (asked && again) dropQuestion(gone, [event, asked], again)
    }
  }
  return gone
}

const drop = (gone: Set<number>, { seq, data }: Extract<Event, { type: 'error' }>, events: readonly Event[]): void => {
  gone.add(seq)
  const tried = data.to === undefined ? undefined : events[data.to - 1]
  // A step that people were asked about is theirs to remember.
  if (tried && isStep(tried) && !events.some((one) => isProposed(one) && one.data.to === tried.seq)) gone.add(tried.seq)
}

type Proposed = Extract<Event, { type: 'approval_requested' | 'approval_waived' }>
const isProposed = (event: Event): event is Proposed =>
  event.type === 'approval_requested' || event.type === 'approval_waived'

/** The step too, where another one was selected in its place. */
const dropQuestion = (gone: Set<number>, [ended, asked]: [Event, Event], again: Event): void => {
  gone.add(asked.seq)
  // That a person changed it, and what, is said nowhere else.
  if (ended.type !== 'approval_superseded' || ended.data.by === undefined) gone.add(ended.seq)
  if (isProposed(asked) && isProposed(again) && asked.data.to !== again.data.to) gone.add(asked.data.to)
}

const getsOver = (error: Extract<Event, { type: 'error' }>, next: Event, events: readonly Event[]): boolean => {
  const { to, code } = error.data
  const tried = to === undefined ? undefined : events[to - 1]
  if (tried === undefined) return error.actor.kind === 'model' ? isSelected(next) : isFound(next)
  const place = placeOf(tried, events)
  if (place === null) return next.type === `${tried.type}_result`
  if (placeOf(next, events) !== place) return false
  // What was refused was taken up by people after all; what ran and broke, only a run that succeeds gets over.
  return (code !== 'run_failed' && isProposed(next)) || (isResult(next) && next.data.status === 'success')
}

const isSelected = (event: Event): boolean => event.actor.kind === 'model' && isStep(event)

/** Where a step, a question or a result changes something; null: nowhere. */
const placeOf = (event: Event, events: readonly Event[]): string | null => {
  if (isProposed(event) || isResult(event)) return `${event.data.service}/${event.data.environment}`
  if (isStep(event) && event.type !== 'delegate' && event.type !== 'close_gate') {
    const step = event.data
    return isWrite(step) ? `${serviceOf(step)}/${step.environment}` : null
  }
  return event.type === 'error' && event.data.to !== undefined ? placeOf(events[event.data.to - 1] ?? event, []) : null
}

const isOvertaken = ({ type }: Event): boolean =>
  type === 'run_reported' || type === 'dispatch_unclear' || type === 'turn_awaited'
const overtakes = (event: Event): boolean => event.type === 'run_reported' || isResult(event)
