import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'

/**
 * The BAML sources to ask with: those of a folder, or those of this build (`own`) with one file in the place of the one of its name.
 */
export const readPrompts = (path: string, own: string): Record<string, string> => {
  if (statSync(path).isDirectory()) return sourcesIn(path)
  const sources = sourcesIn(own)
  const name = basename(path)
  if (!Object.hasOwn(sources, name)) {
    throw new Error(`${name} is the name of no file in baml_src; there are: ${Object.keys(sources).join(', ')}`)
  }
  return { ...sources, [name]: readFileSync(path, 'utf8') }
}

const sourcesIn = (folder: string): Record<string, string> => {
  const names = readdirSync(folder).filter((name) => name.endsWith('.baml'))
  if (names.length === 0) throw new Error(`${folder} holds no .baml file`)
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
}
