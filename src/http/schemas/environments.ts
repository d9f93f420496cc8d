import Type from 'typebox'
import { DURATION } from '../../thread/time.ts'

const strict = { additionalProperties: false }
const form = Type.String({ maxLength: 200 })
const Name = Type.String({ minLength: 1, maxLength: 40 })
const reason = Type.String({ minLength: 1, maxLength: 500, pattern: '\\S' })

/** To a tag or a commit, by its name. */
export const ShipForm = Type.Object(
  { form, service: Name, environment: Name, to: Type.String({ pattern: '^\\S{1,200}$' }) },
  strict,
)
export const LockForm = Type.Object(
  {
    form,
    environment: Name,
    service: Type.String({ maxLength: 40 }),
    reason,
    expires_in: Type.String({ pattern: DURATION }),
  },
  strict,
)
export const UnlockForm = Type.Object({ form, thread: Type.String({ maxLength: 40 }), reason }, strict)
