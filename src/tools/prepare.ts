import { ToolError } from '../agent/ports.ts'
import type { Facts } from '../thread/event.ts'
import type { Target } from '../thread/target.ts'
import type { Deployment } from './deployment.ts'
import { deploymentsFor, deploymentsOf, type Listed, newestIn, PAGE, taskOf } from './deployments.ts'
import type { Repo } from './github.ts'
import { ask, commitOf, type Target as Pointed, TARGET } from './graphql.ts'
import { liveIn } from './live.ts'
import { nearest } from './nearest.ts'
import { requireOnBranch, STANDING, type Standing } from './on-branch.ts'
import { type Differences, whatWouldShip } from './ships.ts'
import { tagNames } from './tags.ts'
import { isFileName, unknownWorkflow } from './workflows.ts'

/** What a write step would ship, as GitHub has it now: one question for all that can change, and one round for what lies between. */
export const prepare = async (repo: Repo, target: Target, known: Differences): Promise<Facts> => {
  const { repository, workflow, ref, service, environment, tag, after, branch } = target
  if (!isFileName(workflow)) throw await unknownWorkflow(repo, workflow)
  const found = await look(repo, target)
  const sha = shaOf(found, tag)
  if (!sha) throw await unknownTag(repo, tag)
  if (!found.workflow) throw await unknownWorkflow(repo, workflow)
  const [live, stage] = await Promise.all([
    liveIn(repo, deploymentsOf(found.here), { service, environment }),
    after ? stageOf(repo, deploymentsOf(found.before), { task: taskOf(service), environment: after, sha }) : null,
    branch === undefined ? null : requireOnBranch(repo, sha, branch, sha === tag ? found.branch : undefined),
  ])
  const shipped = await whatWouldShip(repo, known, live, sha)
  const workflow_sha = found.workflow.oid
  return { repository, workflow, ref, service, environment, tag, sha, ...shipped, stage, workflow_sha }
}

interface Found {
  tag: { target: Pointed } | null
  commit?: Pointed
  workflow: { oid: string } | null
  here: Listed
  before?: Listed
  branch?: Standing
}

/** The tag, or else the commit, that was named; whether the workflow file is there; what was deployed here and on the stage before; where a commit stands. */
const look = (repo: Repo, { tag, ref, workflow, environment, after, branch }: Target): Promise<Found> => {
  const parts = [
    `tag: ref(qualifiedName: $tag) { ${TARGET} }`,
    `workflow: object(expression: $workflow) { oid }`,
    `here: ${newestIn('here')}`,
    ...(isSha(tag) ? ['commit: object(expression: $commit) { ... on Commit { oid } }'] : []),
    ...(after ? [`before: ${newestIn('before')}`] : []),
    ...(branch && isWhole(tag) ? [STANDING] : []),
  ]
  const values = {
    tag: `refs/tags/${tag}`,
    workflow: `${ref}:.github/workflows/${workflow}`,
    here: environment,
    ...(isSha(tag) ? { commit: tag.toLowerCase() } : {}),
    ...(after ? { before: after } : {}),
    ...(branch && isWhole(tag) ? { branch: `refs/heads/${branch}` } : {}),
  }
  const variables = Object.keys(values).map((name) => `, $${name}: String!`)
  // Where a commit stands can be asked otherwise.
  return ask<Found>(repo, variables.join(''), parts.join(' '), values, 'branch')
}

const isWhole = (text: string): boolean => /^[0-9a-f]{40}$/.test(text)
const isSha = (text: string): boolean => /^[0-9a-f]{7,40}$/i.test(text)

/** A tag first, as git does. A branch that is called like a commit is none. */
const shaOf = ({ tag, commit }: Found, name: string): string | null => {
  const named = commitOf(tag?.target)
  if (named) return named.oid
  return commit?.oid?.startsWith(name.toLowerCase()) ? commit.oid : null
}

const unknownTag = async (repo: Repo, tag: string): Promise<ToolError> =>
  new ToolError('unknown_tag', `there is no tag or commit ${tag.slice(0, 200)}`, {
    nearest: nearest(tag, await tagNames(repo)),
  })

interface Stage {
  task: string
  environment: string
  sha: string
}

const stageOf = async (repo: Repo, recent: Deployment[], stage: Stage): Promise<NonNullable<Facts['stage']>> => {
  const same = recent.filter(({ sha, task }) => sha === stage.sha && task === stage.task)
  const asked = same.length === 0 && recent.length === PAGE ? await deploymentsFor(repo, stage) : same
  return { environment: stage.environment, succeeded: asked.some(({ success }) => success !== null) }
}
