import type { ReleaseStep } from '../thread/event.ts'
import type { Policy } from '../thread/policy.ts'
import type { DeploybotYaml } from './yaml-schema.ts'

const STEP = /^(deploy|e2e|agent deploy) ([a-z][a-z0-9_-]{0,39})$/
const ON_FAILURE = 'on_failure agent rollback'
const KINDS = { deploy: 'deploy', e2e: 'test', 'agent deploy': 'agent' } as const
const GRAMMAR = `must be "deploy ENV", "e2e ENV", "agent deploy ENV" or, at the end, "${ON_FAILURE}"`

type At = (path: string[]) => string

/** What is wrong with `release:`, a line each. */
export const releaseProblems = ({ release, services, environments }: DeploybotYaml, at: At): string[] => {
  if (!release) return []
  const where = (...path: string[]) => at(['release', ...path])
  const { steps } = release
  const wrong = steps.filter((step, i) => !STEP.test(step) && !(step === ON_FAILURE && i === steps.length - 1))
  const strange = steps
    .flatMap((step) => STEP.exec(step)?.[2] ?? [])
    .filter((name) => !Object.hasOwn(environments, name))
  const unknown = (release.services ?? []).filter((name) => !Object.hasOwn(services, name))
  return [
    ...wrong.map((step) => `${where('steps')}: ${JSON.stringify(step)} ${GRAMMAR}`),
    ...strange.map((name) => `${where('steps')}: there is no environment ${JSON.stringify(name)}`),
    ...unknown.map((name) => `${where('services')}: there is no service ${JSON.stringify(name)}`),
    ...unguarded(release.steps, environments).map(
      (name) => `${where('steps')}: "deploy ${name}" would wait for approval of its own; say "agent deploy ${name}"`,
    ),
  ]
}

/** Plain code deploys where nobody has to say yes; everything else goes through an agent, which asks. */
const unguarded = (steps: string[], environments: DeploybotYaml['environments']): string[] =>
  steps
    .flatMap((step) => /^deploy (\S+)$/.exec(step)?.[1] ?? [])
    .filter((name) => (environments[name]?.approvals ?? 0) > 0)

export const releaseOf = ({ release, services }: DeploybotYaml): Policy['release'] => {
  if (!release) return null
  const { branch = 'main', tests = { workflow: 'e2e.yml', ref: branch }, steps } = release
  return {
    branch,
    services: release.services ?? Object.keys(services),
    tests: { workflow: tests.workflow, ref: tests.ref ?? branch },
    steps: steps.flatMap(stepOf),
    on_failure: steps.includes(ON_FAILURE) ? 'rollback' : null,
  }
}

const stepOf = (text: string): ReleaseStep[] => {
  const [, kind, environment] = STEP.exec(text) ?? []
  return kind && environment ? [{ do: KINDS[kind as keyof typeof KINDS], environment }] : []
}
