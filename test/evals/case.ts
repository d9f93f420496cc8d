import type { Event } from '../../src/thread/event.ts'
import type { Input } from '../../src/thread/input.ts'
import type { Check } from './checks.ts'
import { launch, type Move, threadOf } from './thread.ts'
import type { World } from './world.ts'

/** A thread up to a call of the model, and what its answer must be. */
export interface Case {
  category: string
  name: string
  events: Event[]
  check: Check
  /** Why the sandbox planner, which knows rules and no language, cannot do it; null: it can. */
  beyond: string | null
}

type Unsorted = Omit<Case, 'category'>

export const inCategory = (category: string, cases: Unsorted[]): Case[] => cases.map((one) => ({ category, ...one }))

/** `when(words, …what happened then).expects(check)`. */
export const when = (words: string | Input, ...moves: Move[]) => given({}, words, ...moves)

/** The same in another world. */
export const given = (world: Partial<World>, words: string | Input, ...moves: Move[]) => {
  const first = typeof words === 'string' ? launch(words) : words
  const events = threadOf(first, moves, world)
  const name = nameOf(events)
  return {
    expects: (check: Check, beyond: string | null = null): Unsorted => ({ name, events, check, beyond }),
    called: (title: string) => ({
      expects: (check: Check, beyond: string | null = null): Unsorted => ({ name: title, events, check, beyond }),
    }),
  }
}

const LONGEST = 140

/** What people said, and what else happened that matters. */
const nameOf = (events: readonly Event[]): string => {
  const name = events.flatMap((event) => said(event)).join(' · ')
  const line = name.replaceAll(/\s+/g, ' ')
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line
}

const said = (event: Event): string[] => {
  switch (event.type) {
    case 'message':
      return [event.data.message]
    case 'human_response':
      return [`answered: ${event.data.response ?? event.data.choice ?? String(event.data.approved)}`]
    case 'approval_denied':
      return [`rejected: ${event.data.comment || 'without words'}`]
    case 'approval_expired':
      return ['expired']
    case 'approval_requested':
      return [`asked about ${event.data.service} ${event.data.tag}`]
    case 'error':
      return [`error ${event.data.code}`]
    case 'deploy_backend_result':
    case 'deploy_frontend_result':
    case 'deploy_service_result':
    case 'rollback_result':
      return [`run ${event.data.status}`]
    case 'done_for_now':
      return ['done']
    default:
      return []
  }
}
