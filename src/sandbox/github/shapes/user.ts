import type { components } from '@octokit/openapi-types'
import type { World } from '../world.ts'

/** A GitHub account as the API shows it everywhere. */
export const user = (world: World, login: string, type: 'User' | 'Organization' | 'Bot' = 'User') => {
  const url = `${world.url}/users/${encodeURIComponent(login)}`
  return {
    login,
    id: idOf(login),
    node_id: `U_${login}`,
    avatar_url: `${world.url}/${login}.png`,
    gravatar_id: '',
    url,
    html_url: `${world.url}/${login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type,
    site_admin: false,
  } satisfies components['schemas']['simple-user']
}

const idOf = (login: string): number =>
  [...login].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 90_000_000, 7)

/** Whoever calls the sandbox. */
export const caller = (world: World) => user(world, 'deploybot[bot]', 'Bot')
