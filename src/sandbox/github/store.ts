import { keep, readKept } from '../file.ts'
import type { Planted } from './organization.ts'
import { prune, type State } from './state.ts'

/** Where the state lives between two runs of the process. Without a file it lives in memory alone. */
export interface Store {
  state: State
  save(): void
}

export const openStore = (file: string | undefined, planted: Planted): Store => {
  const state = (file && readState(file, planted)) || planted.seed()
  prune(state)
  let saves = 0
  return {
    state,
    save() {
      saves += 1
      if (saves % PRUNED_EVERY === 0) prune(state)
      if (file) keep(file, state)
    },
  }
}

// Looked through for it at each change, what is remembered cost a tenth of all that the stand-in does.
const PRUNED_EVERY = 10

const readState = (file: string, planted: Planted): State | undefined => {
  const state = readKept(file) as Partial<State> | undefined
  return state?.version === 1 ? upgraded(state, planted) : undefined
}

/** A file of an earlier release knows less: what it lacks is as in a new sandbox. */
const upgraded = (kept: Partial<State>, { seed, upgrade }: Planted): State => {
  const state = { ...seed(), ...kept }
  if (!kept.pulls) upgrade(state)
  return state
}
