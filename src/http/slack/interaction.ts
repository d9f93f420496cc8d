import Type, { type Static } from 'typebox'
import { Value } from 'typebox/value'
import { SLACK_WORDS, type SlackTarget } from '../../agent/ports.ts'
import { Problem } from '../errors.ts'
import { isThreadId } from '../schemas/requests.ts'
import { Handle, Id, Ts, Words } from './heard.ts'

const Team = Type.Object({ id: Id })
const User = Type.Object({ id: Id, team_id: Type.Optional(Id) })
const Control = Type.Object({
  action_id: Type.String({ maxLength: 255 }),
  action_ts: Ts,
  block_id: Type.Optional(Type.String({ maxLength: 255 })),
  value: Type.Optional(Type.String({ maxLength: 2_000 })),
  selected_option: Type.Optional(Type.Object({ value: Type.String({ maxLength: 75 }) })),
})
const Click = Type.Object({
  type: Type.Literal('block_actions'),
  team: Team,
  user: User,
  trigger_id: Handle,
  response_url: Handle,
  channel: Type.Object({ id: Id }),
  message: Type.Object({ ts: Ts, thread_ts: Type.Optional(Ts) }),
  actions: Type.Array(Control, { minItems: 1, maxItems: 25 }),
})
export type Click = Static<typeof Click>

const Field = Type.Object({ value: Type.Optional(Type.Union([Words, Type.Null()])) })
const Submission = Type.Object({
  type: Type.Literal('view_submission'),
  team: Team,
  user: User,
  view: Type.Object({
    id: Id,
    callback_id: Type.Enum([...SLACK_WORDS]),
    private_metadata: Type.String({ maxLength: 3_000 }),
    state: Type.Object({ values: Type.Record(Type.String(), Type.Record(Type.String(), Field)) }),
  }),
})
export type Submission = Static<typeof Submission>

export const Interaction = Type.Union([Click, Submission])

const Target = Type.Object(
  { thread_id: Type.String(), seq: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }) },
  { additionalProperties: false },
)

/** The question that a control names. */
export const targetIn = (value: string | undefined): SlackTarget => {
  let target: unknown
  try {
    target = JSON.parse(value ?? '')
  } catch {
    throw unknownControl()
  }
  if (Value.Check(Target, target) && isThreadId(target.thread_id)) return target
  throw unknownControl()
}

/** Which of the choices: by the button's name, or by what was selected in the menu. */
export const placeIn = ({ action_id, selected_option }: Static<typeof Control>): number | null => {
  const place = selected_option?.value ?? action_id.split('_')[1] ?? ''
  return /^\d{1,3}$/.test(place) ? Number(place) : null
}

export const unknownControl = (): Problem => new Problem(422, 'unknown_payload', 'this is none of our controls')
