import { announce } from './deliveries.ts'
import { complete, goOn, work } from './runs.ts'
import type { RunRecord } from './state.ts'
import { claimJob, claimStep } from './workflows.ts'
import type { World } from './world.ts'

/** The fence answered, or did not: with anything but 2xx the run ends in its first job, before it touches anything. */
export const fenced = (world: World, run: RunRecord, status: number): void => {
  const won = status >= 200 && status < 300
  run.claim = { state: won ? 'won' : 'lost', status }
  if (won) {
    announce(world, { event: 'workflow_job', run: run.id, job: 'claim', action: 'completed' })
    goOn(world, run)
  } else fail(world, run, claimStep)
}

export interface GateAnswer {
  environment: string
  state: 'approved' | 'rejected'
  comment: string
}

/** Lets a run through its gate, or ends it there. False: it does not stand before that gate. */
export const answerGate = (world: World, run: RunRecord, { environment, state, comment }: GateAnswer): boolean => {
  const { gate } = run
  if (run.status !== 'waiting' || gate?.state !== 'pending' || gate.environment !== environment) return false
  run.gate = { ...gate, state, comment }
  if (state === 'approved') work(world, run)
  else fail(world, run, null)
  return true
}

const fail = (world: World, run: RunRecord, step: string | null): void => {
  run.failing = step ? { job: claimJob, step } : { job: run.jobs?.at(-1) ?? 'deploy', step: 'Wait for the environment' }
  run.conclusion = 'failure'
  run.completes_at = world.now()
  complete(world, run)
}
