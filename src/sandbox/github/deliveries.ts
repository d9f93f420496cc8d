import { randomUUID } from 'node:crypto'
import type { DeliveryRecord, RunSubject, Subject } from './subjects.ts'
import type { World } from './world.ts'

/** Owes the receiver one webhook. It is sent after the state is written, so a crash in between loses nothing. */
export const announce = (world: World, subject: Subject): void => {
  addDelivery(world, { subject: dated(world, subject), guid: randomUUID(), redelivery: false })
}

/** News of a run is of the attempt that is on, also when it is told after the next one began. */
const dated = ({ state }: World, subject: Subject): Subject => {
  if (!isNews(subject)) return subject
  return { ...subject, attempt: state.runs.findLast(({ id }) => id === subject.run)?.attempt ?? 1 }
}

/** The same event once more, under the same GUID, as GitHub does when somebody asks for it. */
export const redeliver = (world: World, { subject, guid }: DeliveryRecord): void => {
  addDelivery(world, { subject, guid, redelivery: true })
}

const addDelivery = (world: World, what: Pick<DeliveryRecord, 'subject' | 'guid' | 'redelivery'>): void => {
  const skipped = world.faults.webhooks === 'off' && !what.redelivery
  const outcome = skipped ? 'skipped' : 'pending'
  world.state.deliveries.push({ ...what, id: world.state.next_id++, outcome, status_code: 0, at: world.now() })
}

/** What is told one after the other: the news of each run, and everything else. */
export const sequenceOf = ({ subject }: DeliveryRecord): string => ('run' in subject ? `run ${subject.run}` : 'other')

/**
 * The delivery whose turn it is, in a sequence of which none is under way. In `reversed` mode a run's news is held back until it ended, and then told
 * backwards, as is whatever else is owed.
 */
export const nextOwed = ({ state, faults }: World, busy: ReadonlySet<string>): DeliveryRecord | undefined => {
  const isOwed = (one: DeliveryRecord) => one.outcome === 'pending' && !busy.has(sequenceOf(one))
  if (faults.webhooks !== 'reversed') return state.deliveries.find(isOwed)
  const ended = (id: number) => state.runs.find((run) => run.id === id)?.status === 'completed'
  return state.deliveries.findLast((one) => isOwed(one) && (!isNews(one.subject) || ended(one.subject.run)))
}

/** Of a run, to be held back; a question at its gate is not, as the run would wait for ever. */
const isNews = (subject: Subject): subject is RunSubject =>
  'run' in subject && subject.event !== 'deployment_protection_rule'
