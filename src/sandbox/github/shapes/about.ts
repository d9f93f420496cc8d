import type { components } from '@octokit/openapi-types'
import { installationId, owner, type World } from '../world.ts'
import { repository } from './repository.ts'
import { caller, user } from './user.ts'

/** What is in every webhook of the App: where, and whose doing it was; without a login it was the App's own. */
export const about = (world: World, by?: string) => ({
  repository: repository(world),
  organization: organization(world),
  installation: { id: installationId(world), node_id: `I_${installationId(world)}` },
  sender: by ? user(world, by) : caller(world),
})

export const organization = (world: World) => {
  const { login, id, node_id, avatar_url } = user(world, owner, 'Organization')
  const url = `${world.url}/orgs/${owner}`
  return {
    ...{ login, id, node_id, avatar_url, url, description: null },
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
  } satisfies components['schemas']['organization-simple-webhooks']
}

/** A delivery outlives what it is about: then it can no longer be told. */
export const found = <T>(thing: T | undefined): T => {
  if (thing === undefined) throw new Error('the sandbox has forgotten what this delivery is about')
  return thing
}
