import { setTimeout as sleep } from 'node:timers/promises'
import { jobClaims } from './job-claims.ts'
import { fenced } from './passage.ts'
import type { RunRecord } from './state.ts'
import type { World } from './world.ts'

/** The first job of a deploy workflow: it asks Deploybot whether this run is the one that was approved. */
export interface Fence {
  /** There may be a run that stands before it. */
  wake(): void
  close(): void
}

export const createFence = (world: World): Fence => {
  const asking = new Set<number>()
  const closing = new AbortController()
  const ask = async (run: RunRecord) => {
    asking.add(run.id)
    try {
      const status = await claim(world, run, closing.signal)
      // Closing is not an answer: the run stands there still after the restart.
      if (closing.signal.aborted || run.claim?.state !== 'owed') return
      fenced(world, run, status)
      world.changed()
    } finally {
      asking.delete(run.id)
    }
  }
  return {
    wake() {
      const owed = world.state.runs.filter((run) => run.claim?.state === 'owed' && run.status === 'in_progress')
      for (const run of owed) if (!asking.has(run.id)) void ask(run)
    },
    close: () => closing.abort(),
  }
}

const TRIES = 3

/** The status of the answer. Only an answer below 500 is one; after three without, the job gives up. */
const claim = async (world: World, run: RunRecord, closing: AbortSignal): Promise<number> => {
  for (let tries = 1; ; tries += 1) {
    const status = await post(world, run, closing)
    const answered = status > 0 && status < 500 && status !== 429
    if (answered || tries === TRIES || closing.aborted) return status
    await sleep(250, undefined, { ref: false })
  }
}

const post = async (world: World, run: RunRecord, closing: AbortSignal): Promise<number> => {
  const { url, audience } = world.state.claims ?? { url: '', audience: '' }
  const token = world.issuer.sign(jobClaims(world, audience, run))
  try {
    const path = `dispatches/${encodeURIComponent(run.inputs['dispatch_id'] ?? '')}/claim`
    const answer = await fetch(`${url.replace(/\/$/, '')}/${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.any([closing, AbortSignal.timeout(10_000)]),
    })
    await answer.body?.cancel()
    return answer.status
  } catch {
    return 0
  }
}
