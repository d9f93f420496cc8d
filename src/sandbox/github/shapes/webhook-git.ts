import type { components } from '@octokit/openapi-types'
import { commitBySha, compare } from '../graph.ts'
import { person } from '../people.ts'
import { nowhere } from '../refs.ts'
import type { CommitRecord } from '../state.ts'
import type { PullSubject, PushSubject, RefSubject } from '../subjects.ts'
import type { World } from '../world.ts'
import { about, found } from './about.ts'
import { simpleCommit } from './commit.ts'
import { pullRequest } from './pull.ts'
import { htmlUrl } from './repository.ts'

type Schemas = components['schemas']

/** A pull request as it was when it was opened, or closed. */
export const pullPayload = (world: World, { action, pull, by }: PullSubject) => {
  const record = found(world.state.pulls.find(({ number }) => number === pull))
  const then = { ...record, updated_at: record.created_at, closed_at: null, merged: null }
  const rest = { ...about(world, by), number: pull }
  return action === 'opened'
    ? ({ action, ...rest, pull_request: pullRequest(world, then) } satisfies Schemas['webhook-pull-request-opened'])
    : ({ action, ...rest, pull_request: pullRequest(world, record) } satisfies Schemas['webhook-pull-request-closed'])
}

/** What came to a branch or tag with one push. */
export const pushPayload = (world: World, subject: PushSubject) => {
  const { ref, before, after, forced, by } = subject
  const { repository, ...rest } = about(world, by)
  const commits = newCommits(world, subject).map((commit) => pushed(world, commit))
  const head = commitBySha(world.state, after) ?? tagged(world, after)
  const who = person(by)
  return {
    ref,
    before,
    after,
    created: before === nowhere,
    deleted: after === nowhere,
    forced,
    base_ref: null,
    compare: `${htmlUrl(world)}/compare/${before.slice(0, 12)}...${after.slice(0, 12)}`,
    commits,
    head_commit: head ? pushed(world, head) : null,
    pusher: { name: who.login, email: `${who.login}@acme.test` },
    repository: { ...repository, visibility: 'private' as const },
    ...rest,
  } satisfies Schemas['webhook-push']
}

const tagged = ({ state }: World, object: string): CommitRecord | undefined => {
  const tag = Object.values(state.tags).find((one) => one.object === object)
  return tag && commitBySha(state, tag.commit)
}

/** A new branch brings what is not on main yet; a tag brings nothing. */
const newCommits = ({ state }: World, { ref, before, after }: PushSubject): CommitRecord[] => {
  if (!ref.startsWith('refs/heads/')) return []
  const from = commitBySha(state, before === nowhere ? (state.branches['main'] ?? '') : before)
  const to = commitBySha(state, after)
  return (from && to && compare(state, from, to)?.ahead) ?? []
}

const pushed = (world: World, record: CommitRecord) => {
  const { author, committer, ...commit } = simpleCommit(record)
  const named = (status: string) =>
    (record.files ?? []).filter((file) => file.status === status).map(({ filename }) => filename)
  return {
    ...commit,
    distinct: true,
    url: `${htmlUrl(world)}/commit/${record.sha}`,
    author: { ...author, username: record.author.login },
    committer: { ...committer, username: record.author.login },
    added: named('added'),
    removed: named('removed'),
    modified: named('modified'),
  }
}

/** A branch or tag that came to be, or went. */
export const refPayload = (world: World, { event, ref, ref_type, by }: RefSubject) => {
  const rest = { ...about(world, by), ref, ref_type, pusher_type: 'user' }
  return event === 'create'
    ? ({ ...rest, master_branch: 'main', description: world.repo.description } satisfies Schemas['webhook-create'])
    : (rest satisfies Schemas['webhook-delete'])
}
