import Type from 'typebox'
import { fold } from '../../thread/evolve.ts'
import { storyOf } from '../../thread/story.ts'
import { clean } from '../../thread/text.ts'
import type { ThreadView } from '../../thread/view.ts'
import { ThreadBody } from '../schemas/answers.ts'

const { id, agent, title, status, version, waiting_for, created_at, updated_at } = ThreadBody.properties

export const ThreadSummary = Type.Object({
  id,
  agent,
  title,
  status,
  version,
  url: Type.String({ description: 'The page of this thread, for people' }),
  waiting_for,
  next: Type.String({ description: 'What can be done now, and by whom' }),
  results: Type.Array(Type.Unknown(), { description: 'Runs that ended' }),
  end: Type.Unknown({ description: 'How it ended; null: it did not' }),
  created_at,
  updated_at,
})

/** A thread without its events: where it stands, what it waits for, what came of it. */
export const summaryOf = ({ events, ...view }: ThreadView, publicUrl: string): Record<string, unknown> => {
  const url = `${publicUrl}/threads/${view.id}`
  const state = fold(events)
  const { results, end } = state ? storyOf(state, events) : { results: [], end: null }
  return capped({ ...view, url, next: nextFor(view, url), results, end }) as Record<string, unknown>
}

const nextFor = ({ status, waiting_for }: Omit<ThreadView, 'events'>, url: string): string => {
  if (waiting_for === null) {
    return status === 'running' ? 'It works; look again in a moment.' : 'It has ended; nothing is to be done.'
  }
  switch (waiting_for.kind) {
    case 'approval':
      return `A person approves or rejects this at ${url}. That cannot be done from here.`
    case 'human_input':
      if (waiting_for.reason === 'dispatch_unknown') return `A person settles this at ${url}. That cannot be done here.`
      return `It asks; answer_question with to: ${waiting_for.seq} answers it.`
    case 'run':
    case 'timer':
    case 'thread':
    case 'turn':
      return 'It waits for something that comes by itself; look again later.'
  }
}

const LONGEST_TEXT = 2_000
const MOST_ITEMS = 30

/** Words of people and models go to another model: as much of them as it needs to know what they are about. */
export const capped = (value: unknown): unknown => {
  if (typeof value === 'string') return clean(value, LONGEST_TEXT)
  if (Array.isArray(value)) {
    const more = value.length - MOST_ITEMS
    return [...value.slice(0, MOST_ITEMS).map(capped), ...(more > 0 ? [`… and ${more} more`] : [])]
  }
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, capped(part)]))
}
