import Type, { type Static } from 'typebox'
import type { Json } from '../../thread/event.ts'
import { PROMPT } from '../../thread/prompt.ts'
import { STATUSES } from '../../thread/state.ts'

const strict = { additionalProperties: false }
const UUID = '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'
const Words = Type.String({ minLength: 1, maxLength: 20_000, pattern: '\\S' })
const Seq = Type.Integer({ minimum: 1, maximum: 2_147_483_647 })

export const ThreadId = Type.Object({ id: Type.String() }, strict)
export const isThreadId = (id: string): boolean => new RegExp(UUID).test(id)

export const DispatchId = Type.Object(
  { id: Type.String({ description: 'The dispatch_id that the workflow was started with' }) },
  strict,
)
/** Nothing: who claims, and for which run, is what its token says. */
export const NewClaim = Type.Union([Type.Object({}, strict), Type.Null()])

export const ReplyTo = Type.Object(
  {
    webhook: Type.Optional(
      Type.String({ maxLength: 2_000, description: 'A program: told, signed, of each question and of the end' }),
    ),
    thread: Type.Optional(Type.String({ maxLength: 100, description: 'Another thread: told the same, in words' })),
    slack: Type.Optional(
      Type.String({
        maxLength: 100,
        description: 'A channel or a person in Slack that deploybot.yaml names, as T01/C01',
      }),
    ),
    email: Type.Optional(
      Type.String({ maxLength: 320, description: 'A mailbox that deploybot.yaml names: asked, and told of the end' }),
    ),
    sms: Type.Optional(Type.String({ maxLength: 20, description: 'A phone that deploybot.yaml names: likewise' })),
    humanlayer: Type.Optional(
      Type.Object(
        {
          channel: Type.Optional(
            Type.Unsafe<{ [key: string]: Json }>({
              type: 'object',
              minProperties: 1,
              maxProperties: 4,
              description: 'Whom it is to reach, in its own form; needs the scope operate',
            }),
          ),
        },
        { ...strict, description: 'A service that asks people for us' },
      ),
    ),
  },
  { ...strict, minProperties: 1, maxProperties: 1, description: 'Who is told beside those who read the thread' },
)
export type ReplyTo = Static<typeof ReplyTo>

export const NewThread = Type.Object(
  {
    message: Words,
    agent: Type.Optional(Type.String({ pattern: '^[a-z][a-z_]{0,39}$' })),
    context: Type.Optional(
      Type.Record(Type.String({ maxLength: 80 }), Type.Unknown(), {
        maxProperties: 16,
        description: 'Facts that the caller knows; the model sees them',
      }),
    ),
    reply_to: Type.Optional(ReplyTo),
  },
  strict,
)
export type NewThread = Static<typeof NewThread>

export const NewMessage = Type.Object({ message: Words }, strict)

export const NewResponse = Type.Object(
  {
    to: Type.Integer({ ...Seq, description: 'The seq of what the thread asked: waiting_for.seq' }),
    approved: Type.Optional(Type.Boolean()),
    withdrawn: Type.Optional(
      Type.Literal(true, { description: 'Takes back your approval, as long as others are still asked' }),
    ),
    response: Type.Optional(Type.String({ maxLength: 20_000 })),
    choice: Type.Optional(Type.String({ maxLength: 2_000 })),
    comment: Type.Optional(Type.String({ maxLength: 20_000 })),
    args: Type.Optional(
      Type.Record(Type.String({ maxLength: 80 }), Type.String({ maxLength: 500 }), {
        minProperties: 1,
        maxProperties: 8,
        description: 'Other arguments for the proposed step, from an approver and alone: it is then asked about anew',
      }),
    ),
  },
  strict,
)

export const NewCancel = Type.Object({ reason: Type.Optional(Type.String({ maxLength: 2_000 })) }, strict)
export const Nothing = Type.Object({}, strict)
export const NewFork = Type.Object(
  {
    at: Seq,
    message: Type.Optional(Words),
    prompt: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: PROMPT,
        pattern: '\\S',
        description: "What the copy's model is told beside the team's rules; needs the scope operate",
      }),
    ),
  },
  strict,
)

const Name = Type.Optional(Type.String({ maxLength: 100 }))

export const ListQuery = Type.Object(
  {
    status: Type.Optional(Type.Enum([...STATUSES])),
    agent: Type.Optional(Type.String({ maxLength: 40 })),
    service: Name,
    environment: Name,
    person: Name,
    text: Type.Optional(Type.String({ maxLength: 100, description: 'Words of the title' })),
    limit: Type.Optional(Type.String({ pattern: '^([1-9][0-9]?|100)$', description: '1 to 100; 20 when not given' })),
    cursor: Type.Optional(Type.String({ maxLength: 200 })),
  },
  strict,
)

export const EventsQuery = Type.Object({ after: Type.Optional(Type.String({ pattern: '^[0-9]{1,9}$' })) }, strict)
