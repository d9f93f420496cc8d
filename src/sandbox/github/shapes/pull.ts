import type { components } from '@octokit/openapi-types'
import { type PullRecord, pullCommits } from '../pulls.ts'
import { owner, type World } from '../world.ts'
import { iso } from './commit.ts'
import { apiUrl, htmlUrl, repository } from './repository.ts'
import { user } from './user.ts'

type Schemas = components['schemas']

/** One pull request, whole. */
export const pullRequest = (world: World, pull: PullRecord) =>
  ({
    ...shared(world, pull),
    state: pull.closed_at === null ? 'open' : 'closed',
    merged: pull.merged !== null,
    mergeable: pull.closed_at === null ? true : null,
    rebaseable: pull.closed_at === null ? true : null,
    mergeable_state: pull.closed_at === null ? 'clean' : 'unknown',
    merged_by: pull.merged && user(world, pull.merged.by.login),
    comments: 0,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: pullCommits(world.state, pull).length,
    additions: pull.files.reduce((sum, file) => sum + file.additions, 0),
    deletions: pull.files.reduce((sum, file) => sum + file.deletions, 0),
    changed_files: pull.files.length,
  }) satisfies Schemas['pull-request']

/** As lists show it. */
export const pullRequestSimple = (world: World, pull: PullRecord) =>
  ({
    ...shared(world, pull),
    state: pull.closed_at === null ? 'open' : 'closed',
  }) satisfies Schemas['pull-request-simple']

const shared = (world: World, pull: PullRecord) => ({
  ...urls(world, pull),
  id: 1_800_000_000 + pull.number,
  node_id: `PR_${pull.number}`,
  number: pull.number,
  locked: false,
  title: pull.title,
  user: user(world, pull.author.login),
  body: pull.body,
  labels: [],
  milestone: null,
  created_at: iso(pull.created_at),
  updated_at: iso(pull.updated_at),
  closed_at: pull.closed_at === null ? null : iso(pull.closed_at),
  merged_at: pull.merged && iso(pull.merged.at),
  merge_commit_sha: pull.merged?.commit ?? null,
  assignee: null,
  assignees: [],
  requested_reviewers: [],
  requested_teams: [],
  head: end(world, { ...pull.head, login: pull.head.fork ?? owner }),
  base: end(world, { ...pull.base, login: owner }),
  author_association: pull.head.fork ? ('NONE' as const) : ('MEMBER' as const),
  auto_merge: null,
  draft: false,
})

/** One side of it: a branch, here or in somebody's fork. */
const end = (world: World, { branch, sha, login }: { branch: string; sha: string; login: string }) => {
  const mine = login === owner
  const full_name = `${login}/${world.repo.name}`
  const here = repository(world)
  const repo = mine ? here : { ...here, id: 731_000_002, full_name, fork: true, owner: user(world, login) }
  const who = mine ? user(world, login, 'Organization') : user(world, login)
  return { label: `${login}:${branch}`, ref: branch, sha, repo, user: who }
}

const urls = (world: World, { number, head }: PullRecord) => {
  const url = `${apiUrl(world)}/pulls/${number}`
  const issue = `${apiUrl(world)}/issues/${number}`
  const html = `${htmlUrl(world)}/pull/${number}`
  const statuses = `${apiUrl(world)}/statuses/${head.sha}`
  const comment = `${apiUrl(world)}/pulls/comments{/number}`
  return {
    url,
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    issue_url: issue,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: comment,
    comments_url: `${issue}/comments`,
    statuses_url: statuses,
    _links: {
      self: { href: url },
      html: { href: html },
      issue: { href: issue },
      comments: { href: `${issue}/comments` },
      review_comments: { href: `${url}/comments` },
      review_comment: { href: comment },
      commits: { href: `${url}/commits` },
      statuses: { href: statuses },
    },
  }
}
