import type { Model } from '../../agent/ports.ts'
import type { StoredThread } from '../../store/verify.ts'
import type { Event } from '../../thread/event.ts'
import { fold } from '../../thread/evolve.ts'
import { indexRow } from '../../thread/index-row.ts'
import type { Policy } from '../../thread/policy.ts'
import { renderPrompt } from '../../thread/prompt.ts'
import { callsIn, type PastCall } from '../../thread/replay/calls.ts'
import { upcast } from '../../thread/upcast.ts'

/** Something that does not come out as it was stored or sent. */
export interface Difference {
  thread_id: string
  seq: number | null
  what: string
}

export interface Verified {
  threads: number
  events: number
  /** Prompts that were rendered again: byte for byte what was sent, or something else. */
  prompts: { same: number; other: number }
  differences: Difference[]
}

export interface VerifyOptions {
  /** One for each way in which providers want to be asked: the hash is over what one of them was sent. */
  models: readonly Model[]
  policy: Policy
  /** Calls from then on must come out the same: this very code and deploybot.yaml made them. Null: none must. */
  promptsSince: string | null
}

/** Folds and renders these anew, and adds what it finds to `sum`. */
export const verifyThreads = async (stored: StoredThread[], options: VerifyOptions, sum: Verified): Promise<void> => {
  for (const thread of stored) {
    sum.threads += 1
    sum.events += thread.events.length
    const events = readable(thread, sum)
    if (events === null) continue
    sum.differences.push(...rowDifferences(thread, events))
    for (const call of callsIn(events)) await verifyPrompt(call, events, options, sum)
  }
}

const readable = ({ id, events }: StoredThread, sum: Verified): Event[] | null => {
  try {
    return events.map((event) => upcast(event))
  } catch (error) {
    const what = `cannot be read: ${error instanceof Error ? error.message : error}`
    sum.differences.push({ thread_id: id, seq: null, what })
    return null
  }
}

/** The index must be the fold of the log, field by field. */
const rowDifferences = ({ id, row }: StoredThread, events: readonly Event[]): Difference[] => {
  const wrong = (what: string): Difference => ({ thread_id: id, seq: null, what })
  const state = fold(events)
  if (state === null || row === null) return [wrong(row === null ? 'has no row in the index' : 'folds to nothing')]
  return Object.entries(indexRow(state))
    .filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(row[name]))
    .map(([name, value]) => wrong(`${name} is ${JSON.stringify(row[name])}, and folds to ${JSON.stringify(value)}`))
}

const verifyPrompt = async (past: PastCall, events: readonly Event[], options: VerifyOptions, sum: Verified) => {
  if (await isSame(past, events, options)) {
    sum.prompts.same += 1
    return
  }
  sum.prompts.other += 1
  const { promptsSince } = options
  if (promptsSince === null || Date.parse(past.at) < Date.parse(promptsSince)) return
  sum.differences.push({
    thread_id: past.thread_id,
    seq: past.seq,
    what: `was decided on the prompt ${past.call.prompt_hash}, which does not come out again`,
  })
}

// What came while the model thought stands before its answer, and was not in what it was sent.
const MEANWHILE = 3

const isSame = async (
  past: PastCall,
  events: readonly Event[],
  { models, policy }: VerifyOptions,
): Promise<boolean> => {
  for (let dropped = 0; dropped <= MEANWHILE; dropped++) {
    const shown = events.slice(0, past.seq - 1 - dropped)
    const last = events[past.seq - 1 - dropped]
    if (shown.length === 0 || (dropped > 0 && last?.actor.kind === 'model')) return false
    const prompt = renderPrompt(shown, policy)
    for (const model of models) {
      if ((await model.preview(prompt)).prompt_hash === past.call.prompt_hash) return true
    }
  }
  return false
}
