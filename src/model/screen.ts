import { ModelError } from './errors.ts'

const LARGEST_REPLY = 16 * 1024
const DEEPEST = 12
const MOST_BRACKETS = 64

/**
 * Refuses a reply that is not worth reading. BAML's parser is super-linear and cannot be interrupted: `[`×500 took 33 s
 * and 2.8 GB, and 40 KB of `{"a":` killed the process.
 */
export const screen = (reply: string): void => {
  if (Buffer.byteLength(reply) > LARGEST_REPLY) throw unreadable(`is larger than ${LARGEST_REPLY / 1024} KB`)
  const { brackets, depth } = measure(reply)
  if (brackets > MOST_BRACKETS) throw unreadable(`has more than ${MOST_BRACKETS} brackets`)
  if (depth > DEEPEST) throw unreadable(`is nested deeper than ${DEEPEST}`)
}

const unreadable = (what: string) => new ModelError('model_unreadable', `the reply ${what}`)

/** Counts also inside of strings: where those begin and end in a broken reply is anybody's guess. */
const measure = (reply: string): { brackets: number; depth: number } => {
  let brackets = 0
  let open = 0
  let depth = 0
  for (const letter of reply) {
    if (letter === '[' || letter === '{') {
      brackets += 1
      open += 1
      depth = Math.max(depth, open)
    }
    if (letter === ']' || letter === '}') open -= 1
  }
  return { brackets, depth }
}
