import Type from 'typebox'

const Open = Type.Object({}, { additionalProperties: true })

export const EventBody = Type.Object(
  {
    thread_id: Type.String(),
    seq: Type.Integer(),
    type: Type.String(),
    data: Open,
    actor: Open,
    at: Type.String(),
  },
  { additionalProperties: true, description: 'One fact: never changed, never removed' },
)

export const ThreadBody = Type.Object(
  {
    id: Type.String(),
    agent: Type.String(),
    title: Type.String(),
    status: Type.String(),
    version: Type.Integer(),
    waiting_for: Type.Unsafe<unknown>({
      anyOf: [{ type: 'object', additionalProperties: true }, { type: 'null' }],
      description: 'What it waits for, with everything that is needed to answer: kind, seq, …',
    }),
    created_at: Type.String(),
    updated_at: Type.String(),
    events: Type.Array(EventBody),
  },
  { description: 'A thread: one conversation and job' },
)

export const ThreadList = Type.Object({
  threads: Type.Array(
    Type.Object({
      id: Type.String(),
      agent: Type.String(),
      title: Type.String(),
      status: Type.String(),
      version: Type.Integer(),
      created_at: Type.String(),
      updated_at: Type.String(),
    }),
  ),
  cursor: Type.Unsafe<string | null>({ anyOf: [{ type: 'string' }, { type: 'null' }], description: 'null: no more' }),
})

export const EventList = Type.Object({ events: Type.Array(EventBody) })

export const PromptBody = Type.Object({
  model: Type.String(),
  prompt_hash: Type.String(),
  messages: Type.Array(Type.Object({ role: Type.String(), content: Type.String(), tokens: Type.Integer() })),
  tokens: Type.Integer({ description: 'Estimated' }),
})

export const ProblemBody = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    code: Type.String({ description: 'Stable: what programs look at' }),
    errors: Type.Optional(Type.Array(Type.Object({ path: Type.String(), message: Type.String() }))),
  },
  { description: 'What went wrong (RFC 9457)' },
)

export const ClaimBody = Type.Object(
  {
    thread_id: Type.String(),
    dispatch_id: Type.String(),
    run_id: Type.Integer({ description: 'The run that claimed it: the one that asks' }),
    service: Type.String(),
    environment: Type.String(),
    tag: Type.String(),
    sha: Type.String({ description: 'The commit that was approved' }),
    approved_by: Type.Array(Type.String(), { description: 'Empty: policy asks nobody for this environment' }),
  },
  { description: 'What was approved. Whatever else the run was started with is not' },
)

export const Acknowledged = Type.Object({
  ok: Type.Boolean(),
  ignored: Type.Optional(Type.String()),
  message: Type.Optional(Type.String()),
})
