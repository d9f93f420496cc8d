import type { Policy } from './policy.ts'

type Rules = Pick<Policy, 'repository' | 'services'>

/** The repository that a service is deployed from; without one of its own it is the team's. */
export const repositoryOf = ({ repository, services }: Rules, service: string): string =>
  (Object.hasOwn(services, service) ? services[service]?.repository : undefined) ?? repository

/** All repositories of these services, each once. */
export const repositoriesWith = (services: string[], rules: Rules): string[] => [
  ...new Set(services.map((service) => repositoryOf(rules, service))),
]

/** All that deploybot.yaml names, the team's own first. */
export const repositoriesOf = (rules: Rules): string[] => [
  ...new Set([rules.repository, ...repositoriesWith(Object.keys(rules.services), rules)]),
]

/** The repositories whose merges set a release going. */
export const releasedRepositories = (rules: Rules & Pick<Policy, 'release'>): string[] =>
  rules.release ? repositoriesWith(rules.release.services, rules) : []

/** The repository as deploybot.yaml writes it, which GitHub knows in any case; null: it is none of ours. */
export const ourRepository = (name: string, rules: Rules): string | null =>
  repositoriesOf(rules).find((one) => one.toLowerCase() === name.toLowerCase()) ?? null
