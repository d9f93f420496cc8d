import type { FastifyBaseLogger } from 'fastify'
import Type, { type Static, type TSchema } from 'typebox'
import { Value } from 'typebox/value'
import type { TakenOnce } from '../../agent/ports.ts'
import type { Policy } from '../../thread/policy.ts'
import { ourRepository } from '../../thread/repositories.ts'
import { clean } from '../../thread/text.ts'
import type { AppDeps } from '../deps.ts'
import { Problem } from '../errors.ts'
import { sha256 } from '../once.ts'

/** A webhook of GitHub's whose signature fits. What it says is a hint: the truth is read from the API. */
export interface Heard {
  event: string
  /** Its delivery id, which is not signed: for the log only. */
  delivery: string
  hash: string
  payload: unknown
  log: FastifyBaseLogger
}

/** What we tell GitHub, whose pages show it to whoever looks at the delivery. */
export interface Reply {
  ok: true
  ignored?: string
  message?: string
}

/** Does what one kind of event asks for. */
export type Listener = (heard: Heard, deps: AppDeps) => Promise<Reply>

export const ignored = (why: string): Reply => ({ ok: true, ignored: why })

/** Numbers that both JavaScript and Postgres can hold. */
export const Id = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
export const Repository = Type.Object({ full_name: Type.String() })

/** The part of a payload that we read. */
export const partOf = <T extends TSchema>(schema: T, { event, payload }: Heard): Static<T> => {
  if (Value.Check(schema, payload)) return payload
  throw new Problem(422, 'unknown_payload', `this is no ${event} payload`)
}

/** The repository as deploybot.yaml writes it; null: it is none of ours. */
export const ours = ({ full_name }: Static<typeof Repository>, policy: Policy): string | null =>
  ourRepository(full_name, policy)

export const NOT_OURS = ignored('not a repository of ours')

/** What somebody wrote, as a log can hold and people can read it. */
export const told = (text: string, limit: number): string => clean(text.toWellFormed(), limit)

/**
 * What must happen once is known by what it is about, not by its delivery: the hook of the repository and that of the App tell the
 * same under other ids and with other bodies, and a captured one can be sent again under a new id.
 */
export const onceFor = (what: string): TakenOnce => ({
  source: 'github',
  id: what,
  body_hash: sha256(what),
  answer: () => ({ status: 200, body: { ok: true } }),
})

// Deliveries are forgotten after a month: what is older than this could be one of those, sent again.
const OLDEST_MS = 7 * 86_400_000

/** Whether something of this time is too long ago to be news. */
export const isStale = (then: string, now: string): boolean => !(Date.parse(now) - Date.parse(then) < OLDEST_MS)

/** Wakes a thread to look for itself. The same body under another delivery id is recognised. */
export const wake = async (threadId: string | null, heard: Heard, { door }: AppDeps): Promise<Reply> => {
  if (threadId === null) return notAwaited(heard)
  const answer = { status: 200, body: { ok: true } }
  const hint = await door.hint(threadId, { source: 'github', id: heard.hash, body_hash: heard.hash, answer })
  heard.log.info({ thread_id: threadId, delivery_id: heard.delivery, hint }, 'github webhook')
  if (hint === 'not_awaited') return notAwaited(heard)
  return hint === 'woke' ? { ok: true } : ignored('taken before')
}

const notAwaited = ({ event }: Heard): Reply => ignored(`${event}: no thread waits for this`)
