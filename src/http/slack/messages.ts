import Type, { type Static } from 'typebox'
import type { TakenOnce } from '../../agent/ports.ts'
import { keyOf, type SlackAddress } from '../../thread/contact/address.ts'
import type { Actor, Event } from '../../thread/event.ts'
import { Refused } from '../../thread/input.ts'
import { viewOf } from '../../thread/view.ts'
import { type Hearing, Id, onceFor, Ts, Words, whoSaysInSlack, workspaceOf } from './heard.ts'
import { linesFor } from './refusals.ts'
import { whisper } from './soon.ts'
import { wordsOf } from './words.ts'

/** A message, or a mention of us in one: Slack tells of the latter twice, as each. */
export const Spoken = Type.Object({
  type: Type.Enum(['message', 'app_mention']),
  subtype: Type.Optional(Type.String()),
  bot_id: Type.Optional(Type.String()),
  user: Type.Optional(Id),
  /** The workspace of whoever wrote it, which in a shared channel may be another one. */
  user_team: Type.Optional(Id),
  text: Type.Optional(Words),
  channel: Id,
  channel_type: Type.Optional(Type.String()),
  ts: Ts,
  thread_ts: Type.Optional(Ts),
})
type Spoken = Static<typeof Spoken>

// Written by a person, and new. Others tell of changes, of members, of other programs.
const SPOKEN = [undefined, 'file_share', 'thread_broadcast']

/** Somebody's words, and where they were said. */
interface Said {
  words: string
  actor: Actor
  user: string
  address: SlackAddress
  once: TakenOnce
  /** It is for us, whoever else is there. */
  calls: boolean
}

/** Words in Slack launch a thread, go to the one that is talked to there, or answer what it asks. Returns why not, where they do none of these. */
export const hearMessage = async (
  spoken: Spoken,
  { team, event_id }: { team: string; event_id: string },
  hearing: Hearing,
): Promise<string | null> => {
  const { bot_user } = await workspaceOf(team, hearing)
  const { user, channel, ts, thread_ts } = spoken
  if (spoken.bot_id !== undefined || user === undefined || user === bot_user) return 'not written by a person'
  if (!SPOKEN.includes(spoken.subtype)) return `a message of another kind: ${spoken.subtype}`
  const words = wordsOf(spoken.text ?? '', bot_user)
  if (words === '') return 'no words'
  const said: Said = {
    words,
    user,
    actor: await whoSaysInSlack(spoken.user_team ?? team, user, hearing),
    address: { team, channel, thread_ts: thread_ts ?? ts },
    once: onceFor(`event/${team}/${event_id}`, `message/${team}/${channel}/${ts}`),
    calls: spoken.type === 'app_mention' || spoken.channel_type === 'im',
  }
  const known = thread_ts === undefined ? null : await hearing.slack.threadAt(keyOf({ slack: said.address }))
  if (known !== null) return goOn(known, said, hearing)
  if (!said.calls) return 'not said to us'
  return launch(said, hearing)
}

const launch = async ({ words, actor, address, once }: Said, { door, logger }: Hearing): Promise<null> => {
  const reply_to = { slack: address }
  const [first] = await door.launch({ type: 'launch', agent: 'deploy', message: words, actor, reply_to }, once)
  logger.info({ thread_id: first?.thread_id, channel: address.channel }, 'slack message')
  return null
}

const goOn = async (threadId: string, said: Said, hearing: Hearing): Promise<string | null> => {
  const { user, address, calls } = said
  try {
    await tell(threadId, said, hearing)
    return null
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    if (error.code === 'thread_ended' && calls) return launch(said, hearing)
    whisper(hearing.slack.desk, { ...address, user }, linesFor(error))
    return error.code
  }
}

/** The answer, where the thread waits for one in words; if it was answered meanwhile, words like any other. */
const tell = async (threadId: string, { words, actor, once }: Said, { door, log }: Hearing): Promise<void> => {
  const { events } = await log.load(threadId)
  const to = asksForWords(events)
  if (to !== null) {
    try {
      await door.handle(threadId, { type: 'respond', to, response: words, actor }, once)
      return
    } catch (error) {
      if (!(error instanceof Refused)) throw error
    }
  }
  await door.handle(threadId, { type: 'message', message: words, actor }, once)
}

const asksForWords = (events: readonly Event[]): number | null => {
  const waiting = events.length === 0 ? null : viewOf(events).waiting_for
  if (waiting?.kind !== 'human_input') return null
  const { format, choices } = waiting.options
  return format === 'free_text' || (format === 'multiple_choice' && choices.length === 0) ? waiting.seq : null
}
