import type { FastifyBaseLogger } from 'fastify'
import Type, { type Static, type TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { type Delivery, isOutage, type SlackWorkspace, type TakenOnce } from '../../agent/ports.ts'
import type { Actor } from '../../thread/event.ts'
import type { AppDeps, SlackEdge } from '../deps.ts'
import { Problem } from '../errors.ts'
import { whoSays } from '../linked.ts'
import { sha256 } from '../once.ts'

/** What those who hear people in Slack need. */
export interface Hearing extends Pick<AppDeps, 'door' | 'log' | 'listing' | 'lanes' | 'policy' | 'publicUrl'> {
  slack: SlackEdge
  logger: FastifyBaseLogger
}

/** Ids of Slack's: of workspaces, channels and people. */
export const Id = Type.String({ pattern: '^[A-Z0-9]{1,40}$' })
/** The name of a message within its channel. */
export const Ts = Type.String({ pattern: '^\\d{1,12}\\.\\d{1,10}$' })
export const Words = Type.String({ maxLength: 40_000 })
/** An address or a name that Slack gives us to be used later. */
export const Handle = Type.String({ minLength: 1, maxLength: 2_000 })

/** The part of a payload that we read. */
export const partOf = <T extends TSchema>(schema: T, payload: unknown): Static<T> => {
  if (Value.Check(schema, payload)) return payload
  throw new Problem(422, 'unknown_payload', 'this is nothing that we know of Slack')
}

/** Whoever signs for Slack signs for all workspaces of the app: those that did not install us here are refused. */
export const workspaceOf = async (team: string, { slack }: Hearing): Promise<SlackWorkspace> => {
  const workspace = await slack.desk.find(team).catch((error: unknown) => {
    if (isOutage(error)) throw error
    throw new Problem(503, 'slack_unavailable', 'Slack does not say which workspace is ours; send it again')
  })
  if (workspace !== null) return workspace
  throw new Problem(403, 'unknown_workspace', 'Deploybot is not installed in this workspace')
}

/** Who it is, by workspace and id; what they call themselves there is no sign of anything. */
export const whoSaysInSlack = (team: string, user: string, hearing: Hearing): Promise<Actor> =>
  whoSays({ slack: `${team}/${user}` }, 'slack', hearing)

/** Taken once by each of these names. */
export const onceFor = (id: string, alsoBy?: string): TakenOnce => ({
  ...named(id),
  ...(alsoBy === undefined ? {} : { also: named(alsoBy) }),
  answer: () => ({ status: 200, body: {} }),
})

const named = (id: string): Delivery => ({ source: 'slack', id, body_hash: sha256(id) })

export const pageOf = (threadId: string, { publicUrl }: Pick<Hearing, 'publicUrl'>): string =>
  `${publicUrl}/threads/${threadId}`
