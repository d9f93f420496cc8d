import type { Event } from '../../../thread/event.ts'

/** People who were told by name of what was asked last. */
export const namedFor = (events: readonly Event[]): string[] => {
  const named = events.findLast((event) => event.type === 'contacts_named')
  if (named?.type !== 'contacts_named') return []
  return named.data.contacts.flatMap(({ person }) => (person === null ? [] : [person]))
}
