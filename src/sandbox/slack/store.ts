import { keep, readKept } from '../file.ts'
import { seed } from './seed.ts'
import { prune, type State } from './state.ts'

/** Where the state lives between two runs of the process. Without a file it lives in memory alone. */
export interface Store {
  state: State
  save(): void
}

export const openStore = (file: string | undefined): Store => {
  const state = (file && readState(file)) || seed(Date.now())
  return { state, save: () => save(state, file) }
}

const readState = (file: string): State | undefined => {
  const state = readKept(file) as Partial<State> | undefined
  return state?.version === 1 ? { ...seed(Date.now()), ...state } : undefined
}

const save = (state: State, file: string | undefined): void => {
  prune(state)
  if (file) keep(file, state)
}
