import Type from 'typebox'

const strict = { additionalProperties: false }
const form = Type.String({ maxLength: 200 })
const yes = Type.Optional(Type.Literal('yes'))

export const CheckForm = Type.Object({ form }, strict)
export const PullForm = Type.Object({ form, pull: Type.String({ maxLength: 40 }) }, strict)
export const TokenForm = Type.Object(
  {
    form,
    name: Type.String({ minLength: 1, maxLength: 80, pattern: '\\S' }),
    read: yes,
    ask: yes,
    approve: yes,
    operate: yes,
    bound: yes,
    days: Type.String({ pattern: '^[1-9][0-9]{0,2}$' }),
  },
  strict,
)
export const RevokeForm = Type.Object({ form, id: Type.String({ pattern: '^[0-9a-f-]{36}$' }) }, strict)
