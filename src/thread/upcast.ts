import type { Event } from './event.ts'
import { lacks, type Shape } from './shape.ts'
import { ACTORS, SHAPES } from './shapes.ts'
import { Newer, Unreadable } from './situation.ts'

/** The version of what this code writes. */
export const SCHEMA_VERSION = 1

/** A row of the log as it was written, by this code or another version of it. */
export interface StoredEvent {
  thread_id: string
  seq: number
  type: string
  data: unknown
  actor: unknown
  at: string
  schema_version: number
}

/** Lifts an event by one version: from the one under which it stands here to the next. */
type Step = (event: StoredEvent) => StoredEvent

/** `steps[type][version]`: what has changed in this type since `version`; nothing where there is none. */
export interface Schema {
  version: number
  steps: Readonly<Record<string, Readonly<Record<number, Step>>>>
}

const SCHEMA: Schema = { version: SCHEMA_VERSION, steps: {} }

/**
 * An event as this code knows it, from any older version, step by step.
 * Throws Newer for what a newer version wrote, and Unreadable for what this code cannot fold.
 */
export const upcast = (stored: StoredEvent, schema: Schema = SCHEMA): Event => {
  if (stored.schema_version > schema.version) {
    throw new Newer(`${named(stored)} is of version ${stored.schema_version}; this code reads ${schema.version}`)
  }
  let event = stored
  for (let version = stored.schema_version; version < schema.version; version++) {
    event = lift(event, version, schema)
  }
  return known(event)
}

const lift = (event: StoredEvent, version: number, { steps }: Schema): StoredEvent => {
  const step = Object.hasOwn(steps, event.type) ? steps[event.type]?.[version] : undefined
  try {
    return step ? step(event) : event
  } catch (cause) {
    throw new Unreadable(`${named(event)} is not what version ${version} wrote`, { cause })
  }
}

const known = (event: StoredEvent): Event => {
  const { schema_version: _, ...rest } = event
  const shape = ofType(SHAPES, event.type)
  if (!shape) throw new Newer(`${named(event)} is of a type that this code does not know`)
  const missing = lacks(event.data, shape) ?? withoutActor(event.actor)
  if (missing !== null) throw new Unreadable(`${named(event)} lacks ${missing}`)
  return rest as Event
}

const withoutActor = (actor: unknown): string | null => {
  const { kind } = (actor ?? {}) as { kind?: unknown }
  const shape = ofType(ACTORS, String(kind))
  return shape ? lacks(actor, shape) : 'an actor that this code knows'
}

const ofType = (shapes: Readonly<Record<string, Shape>>, type: string): Shape | undefined =>
  Object.hasOwn(shapes, type) ? shapes[type] : undefined

const named = ({ seq, type }: StoredEvent): string => `event ${seq} (${type})`
