import type { GateFacts, Json, Proposal } from './event.ts'

/** What an approval binds to: exactly what runs, on top of what, under which rules, until when. */
export const boundBy = (proposal: Omit<Proposal, 'args_hash'>): Json => ({
  tool: proposal.intent,
  repository: proposal.repository,
  workflow: proposal.workflow,
  ref: proposal.ref,
  replaces: proposal.live?.sha ?? null,
  // Only where there are any: what was approved before there were keeps its hash.
  ...(proposal.workflow_sha === undefined ? {} : { workflow_sha: proposal.workflow_sha }),
  ...(proposal.blocked ? { overrides: proposal.blocked.map(({ code, message }) => ({ code, message })) } : {}),
  inputs: {
    service: proposal.service,
    environment: proposal.environment,
    tag: proposal.tag,
    sha: proposal.sha,
  },
  ...(proposal.gate ? { gate: gateBound(proposal.gate) } : {}),
  policy_version: proposal.policy_version,
  expires_at: proposal.expires_at,
})

/** This run, this attempt, and whether a dispatch of ours vouches for it. */
const gateBound = ({ run_id, attempt, dispatched_by }: GateFacts): Json => ({
  run_id,
  attempt,
  dispatch_id: dispatched_by?.dispatch_id ?? null,
})
