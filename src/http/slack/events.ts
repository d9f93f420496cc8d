import Type from 'typebox'
import { Value } from 'typebox/value'
import { type Hearing, Id, partOf, workspaceOf } from './heard.ts'
import { hearMessage, Spoken } from './messages.ts'

const Envelope = Type.Union([
  Type.Object({ type: Type.Literal('url_verification'), challenge: Type.String({ maxLength: 200 }) }),
  Type.Object({
    type: Type.Literal('event_callback'),
    team_id: Id,
    event_id: Type.String({ pattern: '^[\\w-]{1,80}$' }),
    event: Type.Object({ type: Type.String() }),
  }),
])

/** What is said to Slack's Events API. */
export const hearEvent = async (payload: unknown, hearing: Hearing): Promise<object> => {
  const envelope = partOf(Envelope, payload)
  if (envelope.type === 'url_verification') return { challenge: envelope.challenge }
  const { team_id: team, event_id, event } = envelope
  const ignored = Value.Check(Spoken, event)
    ? await hearMessage(event, { team, event_id }, hearing)
    : await notSpoken(team, event.type, hearing)
  if (ignored === null) return { ok: true }
  // Of every message in every channel that we are in: mostly people who talk to each other.
  hearing.logger.debug({ event_id, ignored }, 'slack event ignored')
  return { ok: true, ignored }
}

// The second comes too where the app stays: without a token it may as well be gone.
const LEAVING = ['app_uninstalled', 'tokens_revoked']

const notSpoken = async (team: string, type: string, hearing: Hearing): Promise<string> => {
  await workspaceOf(team, hearing)
  if (LEAVING.includes(type) && hearing.slack.installs) {
    await hearing.slack.installs.remove(team)
    return 'this workspace is gone, and so is its token'
  }
  return `${type.slice(0, 60)}: nobody listens for this`
}
