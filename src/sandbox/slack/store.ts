import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
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
  try {
    const state = JSON.parse(readFileSync(file, 'utf8')) as Partial<State>
    return state.version === 1 ? { ...seed(Date.now()), ...state } : undefined
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

/** Whole and at once, by rename: after a kill at any moment there is the old state or the new one, never half of it. */
const save = (state: State, file: string | undefined): void => {
  prune(state)
  if (!file) return
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(`${file}.new`, JSON.stringify(state))
  renameSync(`${file}.new`, file)
}
