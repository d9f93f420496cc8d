import Type from 'typebox'

const strict = { additionalProperties: false }
const UUID = '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
const Count = Type.String({ pattern: '^[0-9]{1,9}$' })

export const LiveQuery = Type.Object(
  { thread: Type.Optional(Type.String({ pattern: UUID })), version: Type.Optional(Count) },
  strict,
)

/** What the page of a thread shows: all events, a point to fork from, or the thread as a file. */
export const ThreadQuery = Type.Object({
  all: Type.Optional(Type.Literal('1')),
  fork: Type.Optional(Count),
  as: Type.Optional(Type.Enum(['markdown', 'json'])),
})

/** What the model was asked before that event; else what it would be asked next. */
export const PromptQuery = Type.Object({ before: Type.Optional(Count) })

export const EventId = Type.Object({ id: Type.String(), seq: Count }, strict)
