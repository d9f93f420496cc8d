import type { Faults } from './faults.ts'
import type { Issuer } from './oidc.ts'
import type { State } from './state.ts'

/** What every route works on. */
export interface World {
  readonly state: State
  readonly faults: Faults
  /** How long a run stays queued and then runs, in milliseconds. */
  readonly pace: Pace
  /** Signs the tokens of jobs. */
  readonly issuer: Issuer
  /** Where this server answers: GitHub's api and its web pages in one. */
  url: string
  now(): number
  /** Call after every change and before answering: writes the state, sends what is owed, and sets the clock for what comes next. */
  changed(): void
}

export interface Pace {
  queued: number
  running: number
}

export const owner = 'acme'
export const name = 'shop'
export const fullName = `${owner}/${name}`
export const repositoryId = 731_000_001
/** The App's installation in acme. */
export const installation = 4242
/** The one webhook that the repository has. */
export const hookId = 1
