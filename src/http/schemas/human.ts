import Type, { type Static, type TSchema } from 'typebox'

// A legacy wire that existing set-ups send: optional parts may be null, and others may come that we do not read.
const maybe = <T extends TSchema>(schema: T) => Type.Optional(Type.Union([schema, Type.Null()]))
const Text = Type.String({ maxLength: 20_000 })
const Name = Type.String({ maxLength: 1_000 })
const envelope = <T extends string, E extends TSchema>(type: T, event: E) =>
  Type.Object({ type: Type.Literal(type), is_test: maybe(Type.Boolean()), event })

/** Which question was answered: as we said it when we asked, or else in the name of the call, which is ours too. */
const Asked = {
  call_id: maybe(Name),
  spec: Type.Object({ state: maybe(Type.Object({ thread_id: Name, seq: Type.Integer({ minimum: 1 }) })) }),
}
const Who = {
  user_info: maybe(Type.Object({ email: maybe(Name) })),
  slack_context: maybe(Type.Object({ team_id: maybe(Name), user_id: maybe(Name) })),
}
const SlackThread = Type.Object({
  team_id: maybe(Name),
  channel_id: Name,
  thread_ts: maybe(Name),
  events: Type.Array(Type.Object({ from_user_id: Name, content: Text }), { minItems: 1, maxItems: 100 }),
})
const EarlierMail = Type.Object({ from_address: maybe(Name), subject: maybe(Text), content: maybe(Text) })
const Mail = Type.Object({
  from_address: Name,
  subject: maybe(Text),
  body: Text,
  message_id: maybe(Text),
  raw_email: maybe(Type.String()),
  previous_thread: maybe(Type.Array(EarlierMail, { maxItems: 100 })),
})

/** The HumanLayer envelopes, as far as we read them. */
export const HumanEnvelope = Type.Union([
  envelope(
    'function_call.completed',
    Type.Object({
      ...Asked,
      status: Type.Object({
        approved: maybe(Type.Boolean()),
        comment: maybe(Text),
        reject_option_name: maybe(Name),
        ...Who,
      }),
    }),
  ),
  envelope(
    'human_contact.completed',
    Type.Object({
      ...Asked,
      status: Type.Object({ response: maybe(Text), response_option_name: maybe(Name), ...Who }),
    }),
  ),
  envelope('agent_slack.received', SlackThread),
  envelope('agent_email.received', Mail),
  envelope(
    'conversation.created',
    Type.Object({ user_message: Text, thread_id: maybe(Name), slack: maybe(SlackThread), email: maybe(Mail) }),
  ),
])
export type HumanEnvelope = Static<typeof HumanEnvelope>
export type SlackThread = Static<typeof SlackThread>
export type Mail = Static<typeof Mail>
