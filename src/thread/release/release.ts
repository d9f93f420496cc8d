import type { DeployResult, Event, EventOf, MergedPull, ReleaseOutcome, ReleasePlan, ReleaseStep } from '../event.ts'
import { FATES } from '../fates.ts'
import { mayPass } from '../outage.ts'
import type { ThreadState } from '../state.ts'

/** What is known of a release, beside what is known of any thread; folded from its events. */
export interface Release {
  /** All merges heard of, the oldest first. */
  merged: MergedPull[]
  /** What is being released; null: nothing was begun yet. */
  plan: (ReleasePlan & { sha: string; pull_requests: number[] }) | null
  /** Which of the plan's steps is under way, by index. */
  at: number
  /** Services that are done with in the step under way. */
  ready: string[]
  /** What agents put live: what a rollback would have to undo. */
  live: DeployResult[]
  failure: Failure | null
  /** The open offer to restart with newer merges. */
  offer: Offer | null
  /** A person wants to restart with all that was merged. */
  restart: boolean
  /** What the rollback agent did; null: it was not called. */
  rollbacks: DeployResult[] | null
  outcome: ReleaseOutcome | null
  /** Merges that came too late for this release were handed to another one. */
  handed_on: boolean
}

export interface Offer {
  seq: number
  question: string
  choices: string[]
}

/** Why the plan cannot go on. `declined`: nothing is wrong, people said no. */
export interface Failure {
  declined: boolean
  message: string
  url: string | null
  job: { name: string; step: string | null; log: string | null } | null
}

export const CHOICES = { restart: 'restart with them', go_on: 'go on without them' } as const

export const startOf = (): Release => ({
  merged: [],
  plan: null,
  at: 0,
  ready: [],
  live: [],
  failure: null,
  offer: null,
  restart: false,
  rollbacks: null,
  outcome: null,
  handed_on: false,
})

/** Merges that are not part of what is being released: its commit holds whatever was merged before it, whenever we heard of that. */
export const newerOf = ({ merged, plan }: Release): MergedPull[] => {
  const since = merged.find(({ sha }) => sha === plan?.sha)?.merged_at ?? ''
  return merged.filter(({ number, merged_at }) => !plan?.pull_requests.includes(number) && merged_at >= since)
}

/** News of merges come in any order. Their times are whole seconds; within one, numbers must do. */
const inOrder = (pulls: MergedPull[]): MergedPull[] =>
  pulls.sort((a, b) => a.merged_at.localeCompare(b.merged_at) || a.number - b.number)

/** One release of a branch of a repository at a time: from its launch to its end. */
export const soleOf = ({ release, status }: Pick<ThreadState, 'release' | 'status'>): string | null => {
  const [first] = release?.merged ?? []
  const over = release?.outcome != null || status === 'cancelled' || status === 'failed'
  return first && !over ? releaseLane(first) : null
}

export const releaseLane = ({ repository, branch }: Pick<MergedPull, 'repository' | 'branch'>): string =>
  repository === undefined ? `release:${branch}` : `release:${repository}/${branch}`

export const stepOf = ({ plan, at }: Release): ReleaseStep | null => plan?.steps[at] ?? null

/** What is known after one more event. */
export const releaseAfter = (release: Release, event: Event): Release => {
  switch (event.type) {
    case 'pull_request_merged':
      return { ...release, merged: inOrder([...release.merged, event.data]) }
    case 'release_planned':
      return { ...startOf(), merged: release.merged, plan: event.data }
    case 'restart_offered':
      return { ...release, offer: offerOf(event) }
    case 'human_response':
      return afterWords(release, event)
    case 'child_stopped':
      return event.data.accepted ? release : { ...release, restart: false }
    case 'deploy_backend_result':
    case 'deploy_frontend_result':
    case 'deploy_service_result':
      return afterDeployment(release, event.data)
    case 'run_tests_result':
      return event.data.status === 'success' ? onward(release) : failed(release, event.data)
    case 'child_ended':
      return afterChild(release, event)
    case 'error':
      return mayPass(event) ? release : afterError(release, event)
    case 'approval_denied':
      return { ...release, failure: declined(`it was rejected: ${event.data.comment || 'without a word'}`) }
    case 'approval_expired':
      return { ...release, failure: declined('nobody approved it in time') }
    case 'release_finished':
      return { ...release, outcome: event.data.outcome, offer: null }
    case 'merges_handed_on':
      return { ...release, handed_on: true }
    default:
      return release
  }
}

const offerOf = ({ seq, data: { question, choices } }: EventOf<'restart_offered'>): Offer => ({
  seq,
  question,
  choices,
})

const onward = (release: Release): Release => ({ ...release, at: release.at + 1, ready: [], failure: null })

const declined = (message: string): Failure => ({ declined: true, message, url: null, job: null })

const afterWords = (release: Release, { data }: EventOf<'human_response'>): Release => {
  if (data.to === release.offer?.seq) return { ...release, offer: null, restart: data.choice === CHOICES.restart }
  if (data.choice === FATES.stop) return { ...release, failure: declined('a person stopped it') }
  return release
}

const afterDeployment = (release: Release, result: DeployResult): Release => {
  if (result.status !== 'success') return failed(release, result)
  const ready = [...release.ready, result.service]
  return release.plan?.services.every((service) => ready.includes(service)) ? onward(release) : { ...release, ready }
}

/** What was said of a failing job just before, by `run_failed`, is kept: it is what a person wants to know first. */
const failed = (release: Release, { message, html_url }: DeployResult): Release => ({
  ...release,
  failure: { declined: false, message, url: html_url, job: release.failure?.job ?? null },
})

const afterError = (release: Release, { data }: EventOf<'error'>): Release => {
  const { job, step, log, message } = data
  const detail = job === undefined ? null : { name: job, step: step ?? null, log: log ?? null }
  return { ...release, failure: { declined: false, message, url: null, job: detail } }
}

/** The child did its part if each service is live there as it was asked for; otherwise it failed, or people said no. */
const afterChild = (release: Release, { data }: EventOf<'child_ended'>): Release => {
  if (release.failure) return { ...release, rollbacks: data.results }
  const live = data.results.filter(({ status }) => status === 'success')
  const reached = { ...release, live: [...release.live, ...live] }
  const { plan } = release
  if (plan?.services.every((name) => live.some(({ service, sha }) => service === name && sha === plan.sha))) {
    return onward(reached)
  }
  const wrong = data.results.find(({ status }) => status !== 'success')
  return wrong ? failed(reached, wrong) : { ...reached, failure: declined(data.message) }
}
