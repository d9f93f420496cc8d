import { type Event, type EventOf, isFound, isResult, type Json } from '../event.ts'
import { shown } from '../shown.ts'
import { isStep } from '../situate-step.ts'
import type { WriteIntent } from '../step.ts'
import { clean } from '../text.ts'
import { toYaml } from '../yaml.ts'
import { compactError } from './error.ts'
import { found, named, short } from './found.ts'
import { fits, withinTokens } from './tokens.ts'

const LINE = 120
const MOST_CONTEXT = 3_000

/** What of an event stands in the model's window: its facts, a line each. Null: nothing. `at(seq)`: an event before it. */
export const compact = (event: Event, at: (seq: number) => Event | undefined, words?: number): Json => {
  if (isResult(event)) return result(event)
  if (isFound(event)) return found(event)
  // Its tag says which step it is.
  if (isStep(event)) return without(shown(event), ['intent'])
  switch (event.type) {
    case 'error':
      return compactError(event.data, event.data.to === undefined ? undefined : at(event.data.to))
    case 'thread_launched':
      return launched(shown(event))
    case 'approval_requested':
      return asked(event)
    case 'approval_waived':
      return { sha: short(event.data.sha), reason: clean(event.data.reason, LINE) }
    case 'run_reported':
      return without(shown(event), ['dispatch_id', 'run_id', ...(event.data.attempt === 1 ? ['attempt'] : [])])
    case 'dispatch_unclear':
    case 'dispatch_unknown':
      return without(shown(event), ['dispatch_id'])
    case 'forked':
      // Its prompt stands among the rules.
      return without(shown(event), ['prompt'])
    default:
      // Seqs say nothing to whoever sees none.
      return without(shown(event, words), ['to'])
  }
}

/** Whatever a caller gave along is capped: nothing of it ever gives way. */
const launched = (data: Json): Json => {
  if (data === null || fits(toYaml(data, '', 'plain'), MOST_CONTEXT)) return data
  return { context: withinTokens(JSON.stringify((data as { context: Json }).context), MOST_CONTEXT) }
}

/** The step stands above it, with the tag and the place; what was found stands here. */
const asked = (event: EventOf<'approval_requested'>): Json => {
  const { now_live: _, ...rest } = without(shown(event), ['intent', 'gate']) as { [name: string]: Json }
  const { live, sha } = event.data
  return { ...rest, sha: short(sha), now_live: live && named(live) }
}

const result = (event: EventOf<`${WriteIntent}_result`>): Json => {
  const { replaced, sha } = event.data
  const rest = without(shown(event), [
    'run_id',
    'sha',
    'replaced',
    ...(event.data.status === 'success' ? ['message'] : []),
  ])
  return { ...(rest as object), sha: short(sha), ...(replaced ? { replaced: named(replaced) } : {}) }
}

/** Most have none of these names, and then nothing is copied. */
const without = (data: Json, names: string[]): Json => {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return data
  if (!names.some((name) => name in data)) return data
  return Object.fromEntries(Object.entries(data).filter(([name]) => !names.includes(name)))
}
