import type { Json, MergedPull, NewEvent, ReleaseOutcome } from '../event.ts'
import type { Policy } from '../policy.ts'
import { repositoryOf } from '../repositories.ts'
import type { ThreadState } from '../state.ts'
import type { CodeStep, WriteStep } from '../step.ts'
import { tagInWords } from '../text.ts'
import { failedFacts, liveFacts, pullFacts, tell } from './facts.ts'
import { newerOf, type Release, stepOf } from './release.ts'

type Plan = NonNullable<Release['plan']>
const code = { kind: 'code' } as const

/**
 * What a release does next, whenever it is in the middle of nothing: plain code in the part that a model plays elsewhere. One event; none
 * where it is not a release's turn.
 */
export const releaseTurn = (state: ThreadState, policy: Policy): NewEvent[] => {
  const { release } = state
  if (!release || release.outcome || state.status !== 'running' || state.pending) return []
  const { plan } = release
  if (!plan || release.restart) return [planned(release, policy)]
  if (release.failure) return [afterFailure(state, release, plan)]
  return [onPlan(state, release, plan)]
}

/** All that was merged until now is released together, as it is at the newest merge: the services of that repository. */
const planned = ({ merged, plan }: Release, policy: Policy): NewEvent => {
  const newest = merged.at(-1)
  const rules = policy.release ?? plan
  if (!newest || !rules) return finish('failed', 'deploybot.yaml says nothing of releases any more', '', [])
  const { steps, tests, on_failure } = rules
  const { repository = policy.repository } = newest
  const services = rules.services.filter((name) => repositoryOf(policy, name) === repository)
  if (services.length === 0)
    return finish('failed', `deploybot.yaml releases nothing from ${repository} any more`, '', [])
  const pull_requests = merged.map(({ number }) => number)
  return {
    type: 'release_planned',
    data: { sha: newest.sha, services, steps, tests, on_failure, pull_requests },
    actor: code,
  }
}

const onPlan = (state: ThreadState, release: Release, plan: Plan): NewEvent => {
  const step = stepOf(release)
  if (!step) return ending('released', `${tell(plan.services)} ${short(plan.sha)} went the whole way`, release)
  const { environment } = step
  switch (step.do) {
    case 'deploy':
      return select(deployment(plan.services.find((name) => !release.ready.includes(name)) ?? '', plan, environment))
    case 'test': {
      const { workflow, ref } = plan.tests
      const service = plan.services.join(',')
      return select({ intent: 'run_tests', workflow, ref, service, tag: plan.sha, environment })
    }
    case 'agent': {
      const message = `deploy ${tell(plan.services)} ${plan.sha} to ${environment}`
      const context = { release: state.id, pull_requests: pullFacts(shippedBy(release, plan)) }
      return select({ intent: 'delegate', agent: 'deploy', message, context })
    }
  }
}

const deployment = (service: string, { sha }: Plan, environment: string): WriteStep => {
  const where = { tag: sha, environment }
  if (service === 'backend') return { intent: 'deploy_backend', ...where }
  if (service === 'frontend') return { intent: 'deploy_frontend', ...where }
  return { intent: 'deploy_service', service, ...where }
}

const select = (step: CodeStep | WriteStep): NewEvent =>
  ({ type: step.intent, data: step, actor: code }) as unknown as NewEvent

const shippedBy = ({ merged }: Release, { pull_requests }: Plan): MergedPull[] =>
  merged.filter(({ number }) => pull_requests.includes(number))

/** What agents put live is put back by an agent, if people say yes; what never got that far is only told. */
const afterFailure = (state: ThreadState, release: Release, plan: Plan): NewEvent => {
  const { failure, live, rollbacks } = release
  if (rollbacks) return afterRollback(release, plan)
  if (plan.on_failure === 'rollback' && live.length > 0 && failure && !failure.declined) {
    const message = `${failure.message}. Before that ${liveFacts(live).map(described).join(', ')} went live. Propose what to do.`
    const context: Json = { release: state.id, failed: failedFacts(failure), deployed: liveFacts(live) }
    return select({ intent: 'delegate', agent: 'rollback', message, context })
  }
  const outcome = failure?.declined ? 'stopped' : 'failed'
  return ending(outcome, `${short(plan.sha)} stopped: ${failure?.message}`, release)
}

const described = ({ service, sha, environment }: { service: string; sha: string; environment: string }): string =>
  `${service} ${short(sha)} on ${environment}`

const afterRollback = (release: Release, plan: Plan): NewEvent => {
  const back = (release.rollbacks ?? []).filter(({ status }) => status === 'success')
  const all = release.live.every(({ service }) => back.some((result) => result.service === service))
  const done = back.map(({ service, tag, environment }) => `${service} to ${tagInWords(tag)} on ${environment}`)
  const what = done.length > 0 ? `Rolled back: ${done.join(', ')}` : 'Nothing was rolled back'
  const message = `${short(plan.sha)}: ${release.failure?.message}. ${what}`
  return ending(all ? 'rolled_back' : 'failed', message, release)
}

const ending = (outcome: ReleaseOutcome, message: string, release: Release): NewEvent => {
  const left = newerOf(release)
  const more = left.length === 0 ? '' : `. ${left.length} newer pull requests go into the next release`
  return finish(
    outcome,
    `${message}${more}`,
    release.plan?.sha ?? '',
    left.map(({ number }) => number),
  )
}

const finish = (outcome: ReleaseOutcome, message: string, sha: string, left: number[]): NewEvent => ({
  type: 'release_finished',
  data: { outcome, message, sha, left },
  actor: code,
})

const short = (sha: string): string => sha.slice(0, 7)
