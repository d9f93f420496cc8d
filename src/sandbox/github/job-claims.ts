import { randomUUID } from 'node:crypto'
import type { Claims } from './oidc.ts'
import { user } from './shapes.ts'
import type { RunRecord } from './state.ts'
import { workflowOf } from './workflows.ts'
import { owner, type World } from './world.ts'

/** The claims that GitHub makes of a job: of this run, or of one that nobody dispatched. All numbers but times are strings. */
export const jobClaims = (world: World, audience: string, run?: RunRecord, environment?: string): Claims => {
  const iat = Math.floor(world.now() / 1000)
  const about = run ? ofRun(world, run) : ofNoRun(world)
  const place = environment ? `environment:${environment}` : `ref:${about.ref}`
  const actor = user(world, run ? 'deploybot[bot]' : 'maya-lindqvist')
  return {
    jti: randomUUID(),
    sub: `repo:${world.repo.fullName}:${place}`,
    ...(environment && { environment }),
    aud: audience,
    ...about,
    ref_protected: String(about.ref === 'refs/heads/main'),
    repository: world.repo.fullName,
    repository_id: String(world.repo.id),
    repository_owner: owner,
    repository_owner_id: String(user(world, owner).id),
    repository_visibility: 'private',
    actor: actor.login,
    actor_id: String(actor.id),
    base_ref: '',
    head_ref: '',
    runner_environment: 'github-hosted',
    iss: world.url,
    nbf: iat - 600,
    exp: iat + 300,
    iat,
  }
}

const ofRun = (world: World, run: RunRecord) => {
  const { name, file } = workflowOf(run.workflow)
  const isTag = !world.state.branches[run.branch] && world.state.tags[run.branch]
  const which = { run_id: String(run.id), run_number: String(run.number), run_attempt: String(run.attempt ?? 1) }
  return {
    ...refOf(run.branch, Boolean(isTag)),
    ...fileOf(world, name, file, run),
    ...which,
    event_name: 'workflow_dispatch',
  }
}

const ofNoRun = (world: World) => {
  const sha = world.state.branches['main'] ?? ''
  const which = { run_id: '9000000001', run_number: '12', run_attempt: '1', event_name: 'push' }
  return {
    ...refOf('main', false),
    ...fileOf(world, 'Ask Deploybot', 'ask-deploybot.yml', { branch: 'main', sha }),
    ...which,
  }
}

const refOf = (name: string, isTag: boolean) => ({
  ref: `refs/${isTag ? 'tags' : 'heads'}/${name}`,
  ref_type: isTag ? 'tag' : 'branch',
})

const fileOf = (world: World, workflow: string, file: string, { branch, sha }: { branch: string; sha: string }) => {
  const path = `${world.repo.fullName}/.github/workflows/${file}@refs/heads/${branch}`
  return { sha, workflow, workflow_ref: path, workflow_sha: sha, job_workflow_ref: path, job_workflow_sha: sha }
}
