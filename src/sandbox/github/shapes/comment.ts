import type { components } from '@octokit/openapi-types'
import type { CommentRecord } from '../comments.ts'
import type { PullRecord } from '../pulls.ts'
import type { CommentSubject } from '../subjects.ts'
import type { World } from '../world.ts'
import { about, found } from './about.ts'
import { iso } from './commit.ts'
import { apiUrl, htmlUrl } from './repository.ts'
import { user } from './user.ts'

type Schemas = components['schemas']

export const issueComment = (world: World, record: CommentRecord) =>
  ({
    id: record.id,
    node_id: `IC_${record.id}`,
    url: `${apiUrl(world)}/issues/comments/${record.id}`,
    html_url: `${htmlUrl(world)}/pull/${record.pull}#issuecomment-${record.id}`,
    issue_url: `${apiUrl(world)}/issues/${record.pull}`,
    user: user(world, record.login, record.bot ? 'Bot' : 'User'),
    body: record.body,
    created_at: iso(record.created_at),
    updated_at: iso(record.updated_at),
    author_association: record.bot ? 'NONE' : 'MEMBER',
  }) satisfies Schemas['issue-comment']

export const reaction = (world: World, { id, login, content, at }: CommentRecord['reactions'][number]) =>
  ({
    id,
    node_id: `REA_${id}`,
    user: user(world, login, login.endsWith('[bot]') ? 'Bot' : 'User'),
    content,
    created_at: iso(at),
  }) satisfies Schemas['reaction']

/** A pull request as the issue that it is too. */
const issue = (world: World, pull: PullRecord, comments: number) => {
  const url = `${apiUrl(world)}/issues/${pull.number}`
  const html_url = `${htmlUrl(world)}/pull/${pull.number}`
  return {
    id: 2_800_000_000 + pull.number,
    node_id: `PR_${pull.number}`,
    number: pull.number,
    url,
    html_url,
    repository_url: apiUrl(world),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    state: pull.closed_at === null ? 'open' : 'closed',
    title: pull.title,
    body: pull.body,
    user: user(world, pull.author.login),
    labels: [],
    assignee: null,
    milestone: null,
    locked: false,
    comments,
    closed_at: pull.closed_at === null ? null : iso(pull.closed_at),
    created_at: iso(pull.created_at),
    updated_at: iso(pull.updated_at),
    pull_request: {
      url: `${apiUrl(world)}/pulls/${pull.number}`,
      html_url,
      diff_url: `${html_url}.diff`,
      patch_url: `${html_url}.patch`,
    },
  } satisfies Schemas['issue']
}

export const commentPayload = (world: World, { action, comment: id }: CommentSubject) => {
  const comment = found(world.state.comments.find((one) => one.id === id))
  const pull = found(world.state.pulls.find(({ number }) => number === comment.pull))
  const comments = world.state.comments.filter((one) => one.pull === comment.pull).length
  const { sender: _, ...where } = about(world, comment.login)
  const whole = issueComment(world, comment)
  return { action, ...where, sender: whole.user, issue: issue(world, pull, comments), comment: whole }
}
