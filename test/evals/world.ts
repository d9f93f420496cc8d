import {
  type Event,
  type Facts,
  type GitTag,
  isResult,
  type LiveDeployment,
  type ReadResult,
} from '../../src/thread/event.ts'
import type { Input } from '../../src/thread/input.ts'
import { FREE, type HeldLock } from '../../src/thread/lane.ts'
import { type Effect, next } from '../../src/thread/next.ts'
import { isWrite, type Policy } from '../../src/thread/policy.ts'
import type { ThreadState } from '../../src/thread/state.ts'
import type { Step } from '../../src/thread/step.ts'
import { serviceOf } from '../../src/thread/target.ts'
import { after } from '../../src/thread/time.ts'
import { facts, policy, START } from '../thread/spec.ts'

const { staging, production } = policy.environments
/** What the team of the evals has: backend, frontend and search, on staging and production. */
export const team: Policy = {
  ...policy,
  environments: { ...(staging && { staging }), ...(production && { production }) },
}

export const DAY = 24 * 3600
const tag = (name: string, days: number): GitTag => ({
  name,
  commit: name.replaceAll(/\D/g, '').padEnd(40, 'c0ffee'),
  date: after(START, -days * DAY),
})
export const TAGS = [tag('v1.2.4', 1), tag('v1.2.3', 3), tag('v1.2.2', 10), tag('v1.2.1', 20)]

const live = (service: string, environment: string, name: string): LiveDeployment => ({
  service,
  environment,
  tag: name,
  sha: tag(name, 0).commit,
  since: START,
  url: null,
})
const LIVE = ['backend', 'frontend'].flatMap((service) => [
  live(service, 'staging', 'v1.2.3'),
  live(service, 'production', 'v1.2.2'),
])

/** What the world answers where a case says nothing else. */
export interface World {
  tags: GitTag[]
  live: LiveDeployment[]
  /** How the facts of the next write step differ from what is usual. */
  facts: Partial<Facts>
  locks: HeldLock[]
  /** The next write step cannot be prepared. */
  failure: { code: string; message: string; nearest?: string[] } | null
  policy: Policy
}
export const usual: World = { tags: TAGS, live: LIVE, facts: {}, locks: [], failure: null, policy: team }

/** What is live after a run has ended well. */
export const deployed = (before: LiveDeployment[], event: Event): LiveDeployment[] => {
  if (!isResult(event) || event.data.status !== 'success') return before
  const { service, environment, tag, sha, html_url: url } = event.data
  const others = before.filter((one) => one.service !== service || one.environment !== environment)
  return [...others, { service, environment, tag, sha, since: event.at, url }]
}

/** What the world says to what the thread wants; null: it wants nothing but the model or people. */
export const answerTo = (state: ThreadState | null, world: World): Input | null => {
  const effect: Effect = state ? next(state) : { do: 'rest', until: null }
  if (effect.do === 'fetch_facts') {
    const tags: ReadResult = { intent: 'list_git_tags', data: { tags: world.tags, more: false } }
    return { type: 'facts_fetched', results: [tags, { intent: 'check_deployment_status', data: { live: world.live } }] }
  }
  if (effect.do === 'dispatch') {
    const { dispatch_id } = effect
    return {
      type: 'dispatch_accepted',
      dispatch_id,
      run_id: 7,
      html_url: 'https://github.com/acme/shop/actions/runs/7',
    }
  }
  if (effect.do !== 'prepare' || !isWrite(effect.step)) return null
  const { to, step } = effect
  if (world.failure && !effect.approved) return { type: 'tool_failed', to, ...world.failure }
  return { type: 'prepared', to, facts: factsOf(step, world), lane: { ...FREE, locks: world.locks } }
}

const factsOf = (step: Extract<Step, { tag: string }> | { intent: string }, world: World): Facts => {
  if (!('tag' in step)) throw new Error(`no eval prepares ${step.intent}`)
  const service = serviceOf(step)
  const { environment } = step
  const known = world.tags.find(({ name }) => name === step.tag)
  const live = world.live.find((one) => one.service === service && one.environment === environment)
  return facts({
    workflow: `deploy-${service}.yml`,
    service,
    environment,
    tag: step.tag,
    sha: known?.commit ?? step.tag.padEnd(40, '0'),
    live: live ? { tag: live.tag, sha: live.sha, since: live.since, url: live.url } : null,
    direction: step.intent === 'rollback' ? 'backward' : 'forward',
    stage: environment === 'production' ? { environment: 'staging', succeeded: true } : null,
    ...world.facts,
  })
}
