import type { components } from '@octokit/openapi-types'
import { headAt } from '../history.ts'
import { owner, type World } from '../world.ts'
import { user } from './user.ts'

export const apiUrl = (world: World): string => `${world.url}/repos/${world.repo.fullName}`
export const htmlUrl = (world: World): string => `${world.url}/${world.repo.fullName}`

/** The part of a repository that comes with runs and webhooks. */
export const minimalRepository = (world: World) =>
  ({
    id: world.repo.id,
    node_id: `R_${world.repo.name}`,
    name: world.repo.name,
    full_name: world.repo.fullName,
    owner: user(world, owner, 'Organization'),
    private: true,
    html_url: htmlUrl(world),
    description: world.repo.description,
    fork: false,
    ...urls(apiUrl(world)),
  }) satisfies components['schemas']['minimal-repository']

/** The whole repository. */
export const repository = (world: World) => {
  const at = new Date(headAt).toISOString()
  return {
    ...minimalRepository(world),
    ...counts,
    ...features,
    clone_url: `${htmlUrl(world)}.git`,
    git_url: `git://${new URL(world.url).host}/${world.repo.fullName}.git`,
    ssh_url: `git@${new URL(world.url).hostname}:${world.repo.fullName}.git`,
    svn_url: htmlUrl(world),
    mirror_url: null,
    homepage: null,
    language: 'TypeScript',
    default_branch: 'main',
    visibility: 'private',
    license: null,
    topics: [],
    pushed_at: at,
    created_at: '2026-02-09T08:00:00Z',
    updated_at: at,
    permissions: { admin: false, maintain: false, push: true, triage: true, pull: true },
  } satisfies components['schemas']['full-repository']
}

const counts = {
  forks: 0,
  forks_count: 0,
  stargazers_count: 4,
  watchers: 4,
  watchers_count: 4,
  size: 812,
  open_issues: 0,
  open_issues_count: 0,
  subscribers_count: 4,
  network_count: 0,
}

const features = {
  has_issues: true,
  has_projects: false,
  has_wiki: false,
  has_pages: false,
  has_downloads: false,
  has_discussions: false,
  archived: false,
  disabled: false,
}

const urls = (url: string) => ({
  url,
  archive_url: `${url}/{archive_format}{/ref}`,
  assignees_url: `${url}/assignees{/user}`,
  blobs_url: `${url}/git/blobs{/sha}`,
  branches_url: `${url}/branches{/branch}`,
  collaborators_url: `${url}/collaborators{/collaborator}`,
  comments_url: `${url}/comments{/number}`,
  commits_url: `${url}/commits{/sha}`,
  compare_url: `${url}/compare/{base}...{head}`,
  contents_url: `${url}/contents/{+path}`,
  contributors_url: `${url}/contributors`,
  deployments_url: `${url}/deployments`,
  downloads_url: `${url}/downloads`,
  events_url: `${url}/events`,
  forks_url: `${url}/forks`,
  git_commits_url: `${url}/git/commits{/sha}`,
  git_refs_url: `${url}/git/refs{/sha}`,
  git_tags_url: `${url}/git/tags{/sha}`,
  hooks_url: `${url}/hooks`,
  issue_comment_url: `${url}/issues/comments{/number}`,
  issue_events_url: `${url}/issues/events{/number}`,
  issues_url: `${url}/issues{/number}`,
  keys_url: `${url}/keys{/key_id}`,
  labels_url: `${url}/labels{/name}`,
  languages_url: `${url}/languages`,
  merges_url: `${url}/merges`,
  milestones_url: `${url}/milestones{/number}`,
  notifications_url: `${url}/notifications{?since,all,participating}`,
  pulls_url: `${url}/pulls{/number}`,
  releases_url: `${url}/releases{/id}`,
  stargazers_url: `${url}/stargazers`,
  statuses_url: `${url}/statuses/{sha}`,
  subscribers_url: `${url}/subscribers`,
  subscription_url: `${url}/subscription`,
  tags_url: `${url}/tags`,
  teams_url: `${url}/teams`,
  trees_url: `${url}/git/trees{/sha}`,
})
