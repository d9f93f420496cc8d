import type { At } from '../decide.ts'
import type { MergedPull, NewEvent } from '../event.ts'
import type { Outcome, Request } from '../input.ts'
import { Refused } from '../input.ts'
import type { ThreadState } from '../state.ts'
import { childOf } from '../state.ts'
import { CHOICES, newerOf, type Release, stepOf } from './release.ts'

type Merged = At<Extract<Request, { type: 'merged' }>>

/** Merges while a release is under way are gathered: offered where there is still a choice, and never deployed unseen. */
export const merged = ({ pulls, actor }: Merged, state: ThreadState): NewEvent[] => {
  const { release } = state
  if (!release || release.outcome || state.status === 'cancelled' || state.status === 'failed') {
    throw new Refused('thread_ended', 'this release is over')
  }
  const news = pulls.filter(({ number }) => !release.merged.some((known) => known.number === number))
  if (news.length === 0) return []
  const gathered = news.map((data): NewEvent => ({ type: 'pull_request_merged', data, actor }))
  const newer = newerOf({ ...release, merged: [...release.merged, ...news] })
  const isNew = newer.some(({ number }) => news.some((one) => one.number === number))
  return isNew && mayRestart(state, release) ? [...gathered, offer(newer)] : gathered
}

/** Until agents were called; after that an agent's child can still be stopped, as long as it has started nothing. */
const mayRestart = (state: ThreadState, release: Release): boolean => {
  if (!release.plan || release.failure || release.live.length > 0 || release.restart) return false
  return stepOf(release)?.do !== 'agent' || childOf(state) !== null
}

/** Whoever may ask for things may say whether to restart: nothing goes to where approvals are needed without them. */
export const answerOffer = ({ to, choice, actor }: At<Extract<Request, { type: 'respond' }>>): NewEvent[] => {
  if (actor.kind !== 'person') throw new Refused('not_yours_to_answer', 'only a person can choose')
  const choices = Object.values(CHOICES)
  if (!choices.some((known) => known === choice)) {
    throw new Refused('unknown_choice', `choose one of: ${choices.join(' · ')}`)
  }
  return [{ type: 'human_response', data: { to, ...(choice === undefined ? {} : { choice }) }, actor }]
}

/** What came too late is in other hands. */
export const handedOn = (
  { thread_id, pull_requests }: At<Extract<Outcome, { type: 'merges_handed_on' }>>,
  state: ThreadState,
): NewEvent[] =>
  state.release && !state.release.handed_on
    ? [{ type: 'merges_handed_on', data: { thread_id, pull_requests }, actor: { kind: 'code' } }]
    : []

const offer = (newer: MergedPull[]): NewEvent => {
  const question = `${newer.length} newer ${newer.length === 1 ? 'pull request was' : 'pull requests were'} merged. Restart with them?`
  const pull_requests = newer.map(({ number }) => number)
  return {
    type: 'restart_offered',
    data: { question, pull_requests, choices: Object.values(CHOICES) },
    actor: { kind: 'code' },
  }
}
