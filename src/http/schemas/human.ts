import Type, { type Static, type TSchema } from 'typebox'

// A legacy wire that existing set-ups send: optional parts may be null, and others may come that we do not read.
const maybe = <T extends TSchema>(schema: T) => Type.Optional(Type.Union([schema, Type.Null()]))
const Text = Type.String({ maxLength: 20_000 })
const State = Type.Object({ thread_id: Type.String(), seq: Type.Integer({ minimum: 1 }) })
const Who = {
  user_info: maybe(Type.Object({ email: maybe(Text) })),
  slack_context: maybe(Type.Object({ team_id: maybe(Text), user_id: maybe(Text) })),
}
const envelope = <T extends string, E extends TSchema>(type: T, event: E) =>
  Type.Object({ type: Type.Literal(type), is_test: maybe(Type.Boolean()), event })

/** The HumanLayer envelopes, as far as we read them. */
export const HumanEnvelope = Type.Union([
  envelope(
    'function_call.completed',
    Type.Object({
      spec: Type.Object({ state: State }),
      status: Type.Object({ approved: Type.Boolean(), comment: maybe(Text), ...Who }),
    }),
  ),
  envelope(
    'human_contact.completed',
    Type.Object({
      spec: Type.Object({ state: State }),
      status: Type.Object({ response: maybe(Text), response_option_name: maybe(Text), ...Who }),
    }),
  ),
  envelope(
    'agent_slack.received',
    Type.Object({
      team_id: maybe(Text),
      events: Type.Array(Type.Object({ from_user_id: Text, content: Text }), { minItems: 1, maxItems: 100 }),
    }),
  ),
  envelope(
    'agent_email.received',
    Type.Object({
      from_address: Text,
      subject: Text,
      body: Text,
      message_id: maybe(Text),
      raw_email: maybe(Type.String()),
    }),
  ),
  envelope('conversation.created', Type.Object({ user_message: Text })),
])
export type HumanEnvelope = Static<typeof HumanEnvelope>
export type EmailReceived = Extract<HumanEnvelope, { type: 'agent_email.received' }>['event']
