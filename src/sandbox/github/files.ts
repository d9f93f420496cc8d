import { createHash } from 'node:crypto'
import { findWorkflow } from './workflows.ts'
import type { World } from './world.ts'

const FOLDER = '.github/workflows/'

/** What a file says, the same on every branch; of files there are only the workflows. */
export const textAt = (world: World, path: string): string | undefined => {
  const workflow = path.startsWith(FOLDER) ? findWorkflow(world, path.slice(FOLDER.length)) : undefined
  if (workflow?.file !== path.slice(FOLDER.length)) return undefined
  return world.state.files?.[path] ?? `name: ${workflow.name}\n`
}

/** What somebody else writes into a workflow meanwhile. False: there is no such file. */
export const writeWorkflow = (world: World, file: string, content: string): boolean => {
  const path = `${FOLDER}${file}`
  if (textAt(world, path) === undefined) return false
  world.state.files = { ...world.state.files, [path]: content }
  world.changed()
  return true
}

/** Git's own name for these bytes. */
export const blobOf = (text: string): string =>
  createHash('sha1')
    .update(`blob ${Buffer.byteLength(text)}\0${text}`)
    .digest('hex')
