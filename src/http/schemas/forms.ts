import Type from 'typebox'
import { PROMPT } from '../../thread/prompt.ts'

const strict = { additionalProperties: false }
const Form = Type.String({ maxLength: 200 })
const Words = Type.String({ maxLength: 20_000 })

/** What browsers send for a person. All of it is text. */
export const WordsForm = Type.Object({ form: Form, message: Words }, strict)
export const StopForm = Type.Object({ form: Form, reason: Type.Optional(Words) }, strict)
export const AnswerForm = Type.Object(
  {
    form: Form,
    to: Type.String({ pattern: '^[1-9][0-9]{0,8}$' }),
    comment: Type.Optional(Words),
    choice: Type.Optional(Type.String({ maxLength: 2_000 })),
    back: Type.Optional(Type.Literal('/')),
    answer: Type.Optional(Type.String({ pattern: '^(approve|reject|withdraw|yes|no|words)$' })),
  },
  strict,
)
const Argument = Type.Optional(Type.String({ maxLength: 500 }))
export const EditForm = Type.Object(
  {
    form: Form,
    to: Type.String({ pattern: '^[1-9][0-9]{0,8}$' }),
    comment: Type.Optional(Words),
    back: Type.Optional(Type.Literal('/')),
    tag: Argument,
    environment: Argument,
    service: Argument,
  },
  strict,
)
export const ForkForm = Type.Object(
  {
    form: Form,
    at: Type.String({ pattern: '^[1-9][0-9]{0,8}$' }),
    message: Type.Optional(Words),
    prompt: Type.Optional(Type.String({ maxLength: PROMPT })),
  },
  strict,
)
