import type { Event } from '../../thread/event.ts'
import type { Policy } from '../../thread/policy.ts'
import { deploymentsIn, successesIn } from '../../thread/replay/deployments.ts'
import { verdictOn } from '../../thread/replay/verdict.ts'

/** A deployment of the past that other rules would have kept back, and why. */
export interface Blocked {
  thread_id: string
  at: string
  intent: string
  service: string
  environment: string
  tag: string
  why: string[]
}

export interface PolicyReplay {
  deployments: number
  blocked: Blocked[]
}

/** Folds the past anew under other rules: no model is asked, and GitHub neither. */
export const replayPolicy = (logs: readonly (readonly Event[])[], policy: Policy, limit: number): PolicyReplay => {
  const successes = logs.flatMap(successesIn)
  const deployments = logs
    .flatMap(deploymentsIn)
    .sort((a, b) => (a.at < b.at ? 1 : -1))
    .slice(0, limit)
  const blocked = deployments.flatMap((past) => {
    const why = verdictOn(past, policy, successes)
    const { intent, service, environment, tag } = past.proposal
    return why.length === 0 ? [] : [{ thread_id: past.thread_id, at: past.at, intent, service, environment, tag, why }]
  })
  return { deployments: deployments.length, blocked }
}
