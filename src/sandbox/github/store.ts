import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Planted } from './organization.ts'
import { prune, type State } from './state.ts'

/** Where the state lives between two runs of the process. Without a file it lives in memory alone. */
export interface Store {
  state: State
  save(): void
}

export const openStore = (file: string | undefined, planted: Planted): Store => {
  const state = (file && readState(file, planted)) || planted.seed()
  return { state, save: () => save(state, file) }
}

const readState = (file: string, planted: Planted): State | undefined => {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
  const state = JSON.parse(text) as Partial<State>
  return state.version === 1 ? upgraded(state, planted) : undefined
}

/** A file of an earlier release knows less: what it lacks is as in a new sandbox. */
const upgraded = (kept: Partial<State>, { seed, upgrade }: Planted): State => {
  const state = { ...seed(), ...kept }
  if (!kept.pulls) upgrade(state)
  return state
}

/** Whole and at once, by rename: after a kill at any moment there is the old state or the new one, never half of it. */
const save = (state: State, file: string | undefined): void => {
  prune(state)
  if (!file) return
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(`${file}.new`, JSON.stringify(state))
  renameSync(`${file}.new`, file)
}
