import type { JobRule } from '../thread/policy.ts'
import type { DeploybotYaml } from './yaml-schema.ts'

/** Which jobs may launch. GitHub's tokens name numbers as text. */
export const jobRulesOf = ({ actions = [] }: DeploybotYaml): JobRule[] =>
  actions.map(({ repository_id, ...rule }) =>
    repository_id === undefined ? rule : { ...rule, repository_id: String(repository_id) },
  )
