import { own, type Policy } from './policy.ts'
import { repositoryOf } from './repositories.ts'
import type { WriteIntent, WriteStep } from './step.ts'

/** What a write step aims at, in the team's terms. */
export interface Target {
  intent: WriteIntent
  repository: string
  workflow: string
  ref: string
  service: string
  environment: string
  tag: string
  after: string | null
  /** The run that is to be let on. */
  gate?: { run_id: number; attempt: number }
  /** The branch that its commit must be on; without: it may be anywhere. */
  branch?: string
}

/** The service that a write step is about. */
export const serviceOf = (step: WriteStep): string => {
  switch (step.intent) {
    case 'deploy_backend':
      return 'backend'
    case 'deploy_frontend':
      return 'frontend'
    case 'deploy_service':
    case 'rollback':
    case 'run_tests':
    case 'open_gate':
      return step.service
  }
}

/** What the step aims at; a string says which name the policy does not know. */
export const targetOf = (
  step: WriteStep,
  policy: Policy,
): Target | { unknown: string; nearest: string[]; code: string } => {
  const name = serviceOf(step)
  const service = step.intent === 'run_tests' || step.intent === 'open_gate' ? step : own(policy.services, name)
  if (!service) return unknown('unknown_service', 'service', name, Object.keys(policy.services))
  const environment = own(policy.environments, step.environment)
  if (!environment) {
    return unknown('unknown_environment', 'environment', step.environment, Object.keys(policy.environments))
  }
  return {
    intent: step.intent,
    repository: repositoryFor(step, policy),
    workflow: service.workflow,
    ref: service.ref,
    service: name,
    environment: step.environment,
    tag: step.intent === 'open_gate' ? step.sha : step.tag,
    after: step.intent === 'run_tests' ? null : environment.after,
    ...(step.intent === 'open_gate' ? { gate: { run_id: step.run_id, attempt: step.attempt } } : {}),
  }
}

/** A run at a gate waits where it waits; tests of several services, which are of one repository, run where the first lies. */
const repositoryFor = (step: WriteStep, policy: Policy): string => {
  const [first = ''] = serviceOf(step).split(',')
  return (step.intent === 'open_gate' ? step.repository : undefined) ?? repositoryOf(policy, first)
}

const unknown = (code: string, what: string, name: string, known: string[]) => ({
  code,
  unknown: `there is no ${what} ${JSON.stringify(name)}; there are: ${known.join(', ')}`,
  nearest: known,
})
