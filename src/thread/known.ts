import type { Contacts } from './contact/posts.ts'
import type { Effort } from './effort.ts'
import type { Actor, DeployResult, Lock, Parent, ReplyTo } from './event.ts'
import type { Gate } from './gate/gate.ts'
import type { Link } from './link.ts'
import type { Outage } from './outage.ts'
import type { Aim } from './place.ts'
import type { Release } from './release/release.ts'

/** What is known of a thread whatever it is doing. */
export interface Known {
  id: string
  agent: string
  title: string
  version: number
  launched_by: Actor
  reply_to: ReplyTo | null
  forked_from: string | null
  parent: Parent | null
  created_at: string
  updated_at: string
  /** Whose words led here, people and addresses: where policy forbids self-approval, theirs does not count. */
  requesters: string[]
  /** Seq of the newest human words: a step selected without having seen them is dropped. */
  last_words: number
  /** What code knows of GitHub (tags, what is live) is to be read again before the model is asked. */
  facts_stale: boolean
  /** Counted since a person last granted more. */
  model_calls: number
  dispatches: number
  /** Errors that trying again does not mend. */
  errors_in_a_row: number
  /** What the newest of them says. */
  last_error: string
  /** Errors that may pass, as long as nothing but them comes back. */
  outage: Outage | null
  escalations: number
  /** A person let it go on although the day's money for the model was spent. */
  over_limit: boolean
  /** Questions that are no longer open, by their seq. */
  closed: Record<number, Closed>
  /** Runs that have ended, by their id: under which dispatch, and at which attempt. */
  ended_runs: Record<number, { dispatch_id: string; attempt: number }>
  /** Who was told what. */
  contacts: Contacts
  /** Seq of the newest end that the parent was told of. */
  parent_told: number
  /** How each deployment of this thread ended. */
  results: DeployResult[]
  /** What each of them took, and at last the one that has not ended. */
  efforts: readonly Effort[]
  /** What a `release` thread gathers and does; null in any other. */
  release: Release | null
  /** What this thread keeps everybody from deploying to, whatever its status. */
  locks: Lock[]
  /** What it is about, as far as it has come to something. */
  aim: Aim | null
  /** The run that a `gate` thread was launched for; null in any other. */
  gate: Gate | null
  /** What a `link` thread asks; null in any other. */
  link: Link | null
}

/** Without what it is doing. */
export const knownOf = (state: Known): Known => ({
  id: state.id,
  agent: state.agent,
  title: state.title,
  version: state.version,
  launched_by: state.launched_by,
  reply_to: state.reply_to,
  forked_from: state.forked_from,
  parent: state.parent,
  created_at: state.created_at,
  updated_at: state.updated_at,
  requesters: state.requesters,
  last_words: state.last_words,
  facts_stale: state.facts_stale,
  model_calls: state.model_calls,
  dispatches: state.dispatches,
  errors_in_a_row: state.errors_in_a_row,
  last_error: state.last_error,
  outage: state.outage,
  escalations: state.escalations,
  over_limit: state.over_limit,
  closed: state.closed,
  ended_runs: state.ended_runs,
  contacts: state.contacts,
  parent_told: state.parent_told,
  results: state.results,
  efforts: state.efforts,
  release: state.release,
  locks: state.locks,
  aim: state.aim,
  gate: state.gate,
  link: state.link,
})

/** How an open question ended: told apart to people and to the model alike. */
export type Closed = 'answered' | 'denied' | 'expired' | 'superseded'
