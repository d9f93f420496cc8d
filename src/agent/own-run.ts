import type { Dispatched, Facts } from '../thread/event.ts'
import { fold } from '../thread/evolve.ts'
import { Unreadable } from '../thread/situation.ts'
import type { RunInFlight, ThreadState } from '../thread/state.ts'
import { runOf } from '../thread/state.ts'
import { type Listing, type Log, type Threads, ToolError } from './ports.ts'

type Gated = Parameters<Threads['dispatchOf']>[0]

const NAMED = /([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-\d{1,9}$/
const SOON_MS = 2_000

/**
 * The dispatch of ours that this run is, by the log of the thread that sent it; null: none that is in flight. A name alone proves nothing,
 * as anybody may give a run any inputs: it must be the number that GitHub gave us. Of a dispatch that has no number yet nobody knows.
 */
export const createDispatchOf =
  (log: Pick<Log, 'load'>, listing: Pick<Listing, 'threadOfRun'>): Threads['dispatchOf'] =>
  async (facts) => {
    const named = NAMED.exec(facts.gate.title)?.[1] ?? null
    const ids = new Set([named, await listing.threadOfRun(facts.gate.run_id)])
    for (const id of ids) {
      const state = id === null ? null : await read(log, id)
      const run = state && state.status !== 'cancelled' ? runOf(state) : null
      if (state && run && isMeant(run, facts)) {
        if (run.run_id === facts.gate.run_id) return { thread_id: state.id, dispatch_id: run.dispatch_id }
        if (run.run_id === null && facts.gate.title.endsWith(run.dispatch_id)) throw undecided(state)
      }
    }
    return null
  }

/** What was approved is one attempt of this workflow, from this ref, for this environment. */
const isMeant = ({ proposal }: RunInFlight, { gate, repository, workflow, ref, environment }: Gated): boolean =>
  proposal.gate === undefined &&
  gate.attempt === 1 &&
  proposal.repository === repository &&
  proposal.workflow === workflow &&
  proposal.ref === ref &&
  proposal.environment === environment

/** A log that cannot be read vouches for nothing. */
const read = async (log: Pick<Log, 'load'>, id: string): Promise<ThreadState | null> => {
  try {
    return fold((await log.load(id)).events)
  } catch (error) {
    if (error instanceof Unreadable) return null
    throw error
  }
}

const undecided = ({ id }: ThreadState): ToolError =>
  new ToolError('gate_undecided', `thread ${id} does not know yet whether this run is its own`, {
    retryAfterMs: SOON_MS,
  })

/** Whose run it is that waits is for the log to say; all else was read from GitHub. */
export const withOrigin = async (facts: Facts, threads: Pick<Threads, 'dispatchOf'>): Promise<Facts> => {
  const { gate } = facts
  if (!gate) return facts
  const dispatched_by: Dispatched | null = await threads.dispatchOf({ ...facts, gate })
  return { ...facts, gate: { ...gate, dispatched_by } }
}
