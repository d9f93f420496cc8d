import type { Actor, Event, EventType } from './event.ts'
import type { ShapeOf } from './shape.ts'
import { APPROVALS } from './shapes/approval.ts'
import { CLAIMS } from './shapes/claim.ts'
import { CONTACTS } from './shapes/contact.ts'
import { GATES } from './shapes/gate.ts'
import { READS } from './shapes/github.ts'
import { GUARDS } from './shapes/guard.ts'
import { LINKS } from './shapes/link.ts'
import { CHILDREN, RELEASES } from './shapes/release.ts'
import { RUNS } from './shapes/run.ts'
import { STEPS } from './shapes/steps.ts'
import { TURNS } from './shapes/turn.ts'

/**
 * Every type of event that this code knows, room by room as in facts/. The compiler holds it to event.ts: whoever has to change a line
 * that is here already has changed what is stored, which asks for another SCHEMA_VERSION and a step in upcast.ts.
 */
export const SHAPES = {
  ...STEPS,
  ...READS,
  ...APPROVALS,
  ...RUNS,
  ...CLAIMS,
  ...GUARDS,
  ...RELEASES,
  ...CHILDREN,
  ...GATES,
  ...CONTACTS,
  ...LINKS,
  ...TURNS,
} as const satisfies {
  [T in EventType]: ShapeOf<DataOf<T>>
}

export const ACTORS = {
  person: { id: 'string' },
  caller: { id: 'string' },
  model: {
    model: 'string',
    prompt_hash: 'string',
    input_tokens: 'number',
    output_tokens: 'number',
    ms: 'number',
  },
  code: {},
  github: {},
} as const satisfies { [K in Actor['kind']]: ShapeOf<Omit<Extract<Actor, { kind: K }>, 'kind'>> }

type DataOf<T extends EventType> = Event extends infer E
  ? E extends { type: infer Types; data: infer D }
    ? T extends Types
      ? D
      : never
    : never
  : never
