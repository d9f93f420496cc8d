import type { Faults } from './faults.ts'
import type { Issuer } from './oidc.ts'
import type { State } from './state.ts'
import type { WorkflowFile } from './workflows.ts'

/** A repository of the organization, as GitHub calls it. */
export interface Named {
  readonly name: string
  readonly fullName: string
  readonly id: number
  readonly description: string
}

/** What every route works on: one repository. */
export interface World {
  readonly repo: Named
  /** All repositories there are, this one among them. The first keeps what belongs to the organization. */
  readonly worlds: readonly World[]
  /** Its workflow files. */
  readonly workflows: readonly WorkflowFile[]
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

/** The repository that keeps what belongs to the organization: teams, and the App's installation. */
export const home = (world: World): World => world.worlds[0] ?? world

export const owner = 'acme'
/** The App's installation in acme, which has another number each time that it is installed anew. */
export const installationId = (world: World): number => home(world).state.installation.id ?? 4242
/** The one webhook that the repository has. */
export const hookId = 1
