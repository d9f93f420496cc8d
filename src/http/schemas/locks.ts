import Type from 'typebox'
import { DURATION } from '../../thread/time.ts'

const strict = { additionalProperties: false }
const Name = Type.String({ minLength: 1, maxLength: 40 })
const Reason = Type.String({ minLength: 1, maxLength: 500, pattern: '\\S' })
const OrNull = (description: string) =>
  Type.Unsafe<string | null>({ anyOf: [{ type: 'string' }, { type: 'null' }], description })

export const NewLock = Type.Object(
  {
    environment: Name,
    service: Type.Optional(Type.String({ ...Name, description: 'Not given: every service of the environment' })),
    reason: Reason,
    expires_in: Type.String({ pattern: DURATION, description: 'Such as 30m, 8h or 3d; 90d at most' }),
  },
  strict,
)

export const NewUnlock = Type.Object({ reason: Reason }, strict)

export const LockList = Type.Object({
  locks: Type.Array(
    Type.Object({
      thread_id: Type.String(),
      service: OrNull('null: every service of the environment'),
      environment: Type.String(),
      reason: Type.String(),
      by: OrNull('null: a rollback'),
      since: Type.String(),
      until: OrNull('null: until a person unlocks it'),
    }),
  ),
})
