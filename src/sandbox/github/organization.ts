import { seed } from './seed.ts'
import { plantPulls } from './seed-pulls.ts'
import { seedSearch } from './seed-search.ts'
import type { State } from './state.ts'
import { shop, type WorkflowFile, workflows } from './workflows.ts'
import type { Named } from './world.ts'

/** A repository as the sandbox begins with it. */
export interface Planted {
  repo: Named
  workflows: WorkflowFile[]
  seed(): State
  /** What a state file of an earlier release lacks. */
  upgrade(state: State): void
}

/** The repositories of acme: the shop, and a small one beside it, for teams that have several. */
export const organization: [Planted, ...Planted[]] = [
  {
    repo: { name: 'shop', fullName: 'acme/shop', id: 731_000_001, description: 'A small shop (sandbox)' },
    workflows: shop,
    seed,
    upgrade: plantPulls,
  },
  {
    repo: { name: 'search', fullName: 'acme/search', id: 731_000_010, description: 'Search for the shop (sandbox)' },
    workflows: workflows.filter(({ file }) => ['deploy-search.yml', 'e2e.yml'].includes(file)),
    seed: seedSearch,
    upgrade: () => {},
  },
]
