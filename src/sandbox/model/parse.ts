import { parse } from 'yaml'

/** Who is asked, and what the team's setup offers, as the prompt gives it. */
export interface Setup {
  agent: 'deploy' | 'rollback'
  services: string[]
  environments: { name: string; after: string | null }[]
}

/** One event as the prompt shows it. Its fields are read by the rules that need them. */
export interface Told {
  type: string
  data: Record<string, unknown>
}

let read: { system: string; setup: Setup } | null = null

/** The setup in a system message; empty where there is none. The same stands before every thread: parsed each time it was a fifth of the stand-in's work. */
export const readSetup = (system: string): Setup => {
  if (read?.system !== system) read = { system, setup: parseSetup(system) }
  return read.setup
}

const parseSetup = (system: string): Setup => {
  const yaml = /^<setup>\n([^<]*)\n<\/setup>$/m.exec(system)?.[1]
  const setup = record(yaml === undefined ? null : parse(yaml))
  return {
    // No name in the setup can forge this: there every text stands in quotes.
    agent: /^You are Deploybot's rollback agent\./m.test(system) ? 'rollback' : 'deploy',
    services: list(setup['services']).map(words),
    environments: list(setup['environments']).map((item) => {
      const { name, after } = record(item)
      return { name: words(name), after: typeof after === 'string' ? after : null }
    }),
  }
}

/** The events in a user message. No content can forge one: the renderer escapes every `<` in it. */
export const readEvents = (user: string): Told[] =>
  [...user.matchAll(/^<([a-z_]+)(?:\/>|>\n([^<]*)\n<\/\1>)$/gm)].map(([, type = '', yaml = '']) => ({
    type,
    data: record(parsed(yaml)),
  }))

const MOST = 500
const known = new Map<string, unknown>()

/** Most of a thread was there at its last call, and the tags are those of the other threads. */
const parsed = (yaml: string): unknown => {
  if (known.size > MOST) known.clear()
  if (!known.has(yaml)) known.set(yaml, parse(yaml))
  return known.get(yaml)
}

export const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}

export const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

/** A text field; empty where there is none. */
export const words = (value: unknown): string => (typeof value === 'string' ? value : '')
