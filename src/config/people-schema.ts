import Type from 'typebox'
import { DURATION } from '../thread/time.ts'

export const Name = Type.String({ pattern: '^[a-z][a-z0-9_-]{0,39}$' })
export const Duration = Type.String({ pattern: DURATION })
export const strict = { additionalProperties: false }

const Clock = Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$' })

export const Person = Type.Object(
  {
    github: Type.Optional(Type.String({ minLength: 1 })),
    github_id: Type.Optional(Type.Integer({ minimum: 1 })),
    github_team: Type.Optional(Type.String({ pattern: '^[\\w.-]+/[\\w.-]+$' })),
    slack: Type.Optional(Type.String({ pattern: '^T[A-Z0-9]+/U[A-Z0-9]+$' })),
    email: Type.Optional(Type.String({ pattern: '^[^@\\s]+@[^@\\s]+$' })),
    phone: Type.Optional(Type.String({ pattern: '^\\+[0-9]{6,15}$' })),
    quiet: Type.Optional(Type.Object({ from: Clock, to: Clock, tz: Type.String({ maxLength: 60 }) }, strict)),
  },
  strict,
)

/** Who hears of what beside whoever asked: at one address each, which notify.ts looks at. */
export const Notify = Type.Object(
  {
    on: Type.Array(Type.String({ pattern: '^(launched|waiting|started|succeeded|failed|rolled_back)$' }), {
      minItems: 1,
    }),
    services: Type.Optional(Type.Array(Name, { minItems: 1 })),
    environments: Type.Optional(Type.Array(Name, { minItems: 1 })),
    slack: Type.Optional(Type.String({ pattern: '^T[A-Z0-9]+/[CG][A-Z0-9]+$' })),
    email: Type.Optional(Type.String({ pattern: '^[^@\\s]+@[^@\\s]+$' })),
    webhook: Type.Optional(Type.String({ pattern: '^https://[^\\s]{1,2000}$' })),
  },
  strict,
)

export const Rung = Type.Object(
  {
    after: Type.Optional(Duration),
    by: Type.Optional(Type.Array(Type.String({ pattern: '^(slack|email|sms)$' }), { minItems: 1 })),
    people: Type.Optional(Type.Array(Name, { minItems: 1 })),
  },
  strict,
)
