import type { Known } from './known.ts'
import type { Question } from './mood.ts'

/** Why a wish cannot go on without a person. */
export type Hold =
  | { why: 'denied' }
  | { why: 'expired' }
  | { why: 'unsure' }
  | { why: 'failed'; status: string; url: string }
  | { why: 'error'; code: string; message: string }
  | { why: 'unknown'; slot: 'tag' | 'service' | 'environment'; nearest: string[] }

/** One service that should be deployed or rolled back; null: not said yet. */
export interface Wish {
  do: 'deploy' | 'rollback'
  service: string | null
  tag: string | null
  environment: string | null
  hold: Hold | null
}

export const EMPTY: Wish = { do: 'deploy', service: null, tag: null, environment: null, hold: null }

export interface Done {
  do: 'deploy' | 'rollback'
  service: string
  tag: string
  environment: string
  url: string
}

export interface Story {
  known: Known
  /** What the thread was launched with. */
  context: Record<string, unknown>
  /** What is still to do, in order. */
  open: Wish[]
  /** What was done since the last time that everything was. */
  done: Done[]
  /** What a person said to leave as it is. */
  left: Wish[]
  /** Tags that people named themselves. */
  named: string[]
  /** What "it" and "the same" mean. */
  last: Done[]
  /** What a person asked and was not told yet. */
  asks: { what: Question; tags: string[]; service: string | null; environment: string | null } | null
  compared: Record<string, unknown> | null
  pause: number | null
  ending: 'stopped' | 'thanks' | null
  /** The step last selected is a write step. */
  proposed: boolean
  /** Errors in a row that are not about a proposed step. */
  errors: { code: string; message: string }[]
}

/** The same story with its first wish held back. */
export const held = (story: Story, hold: Hold): Story => {
  const [first, ...rest] = story.open
  return first ? { ...story, proposed: false, open: [{ ...first, hold }, ...rest] } : story
}

/** The same story with no wish held back. */
export const released = (story: Story): Story => ({
  ...story,
  open: story.open.map((wish) => ({ ...wish, hold: null })),
})

export const isWritten = (intent: string): boolean =>
  intent === 'rollback' || intent === 'deploy_backend' || intent === 'deploy_frontend' || intent === 'deploy_service'
