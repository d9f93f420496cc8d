import type { Policy, ServicePolicy } from '../thread/policy.ts'
import { quote } from './error.ts'
import type { DeploybotYaml } from './yaml-schema.ts'

type At = (path: string[]) => string

/** GitHub knows one repository by a name in any case; to us two ways of writing it would be two. */
export const repositoryProblems = ({ repository, services }: DeploybotYaml, at: At): string[] => {
  const known = new Map([[repository.toLowerCase(), repository]])
  return Object.entries(services).flatMap(([name, { repository: named }]) => {
    if (named === undefined) return []
    const before = known.get(named.toLowerCase()) ?? named
    known.set(named.toLowerCase(), before)
    return before === named
      ? []
      : [`${at(['services', name, 'repository'])}: ${quote(named)} is called ${quote(before)} above`]
  })
}

/** Another repository is said only where there is one: rules that name none keep their version, and approvals under them stay good. */
export const servicesOf = ({ repository: ours, services }: DeploybotYaml): Policy['services'] =>
  Object.fromEntries(
    Object.entries(services).map(([name, { workflow, ref = 'main', repository = ours }]): [string, ServicePolicy] => [
      name,
      { workflow, ref, ...(repository === ours ? {} : { repository }) },
    ]),
  )
