import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import { boundBy } from '../../../src/thread/binding.ts'
import type { Event, EventOf } from '../../../src/thread/event.ts'
import type { Post, Snapshot, Violation } from '../invariants.ts'

type Start = EventOf<'tool_started'>
type Asked = EventOf<'approval_requested' | 'approval_waived'>

/** I4: every dispatch follows unexpired, authorised approvals of the same hash, and runs what they were about. */
export const approvedDispatches = ({ logs, posts }: Snapshot): Violation[] => [
  ...posts.flatMap((post) => unintended(post, logs)),
  ...[...logs].flatMap(([thread, events]) =>
    events
      .filter((event) => event.type === 'tool_started')
      .flatMap((start) => {
        const what = unapproved(start, events)
        return what === null
          ? []
          : [{ invariant: 'I4', thread, what: `tool_started at ${start.seq}: ${what}` } as const]
      }),
  ),
]

/** What came to GitHub must be what the log had said before. */
const unintended = ({ dispatch_id, inputs }: Post, logs: Snapshot['logs']): Violation[] => {
  const thread = dispatch_id.slice(0, 36)
  const violation = (what: string): Violation[] => [{ invariant: 'I4', thread, what: `${dispatch_id} ${what}` }]
  const events = logs.get(thread) ?? []
  const start = events.find((event) => event.type === 'tool_started' && event.data.dispatch_id === dispatch_id)
  if (start?.type !== 'tool_started') return violation('was sent and never intended')
  const asked = askedBy(start, events)
  if (!asked) return []
  const { service, environment, tag, sha } = asked.data
  const shown = canonicalize({ dispatch_id, service, environment, tag, sha })
  return canonicalize(inputs) === shown ? [] : violation(`ran ${canonicalize(inputs)}, and ${shown} was shown`)
}

/** The question that the start answers: the newest about its step with its hash. */
const askedBy = ({ seq, data }: Start, events: readonly Event[]): Asked | undefined =>
  events.findLast(
    (event): event is Asked =>
      (event.type === 'approval_requested' || event.type === 'approval_waived') &&
      event.seq < seq &&
      event.data.to === data.to &&
      event.data.args_hash === data.args_hash,
  )

/** Why this start was not allowed; null: it was. */
const unapproved = (start: Start, events: readonly Event[]): string | null => {
  const asked = askedBy(start, events)
  if (!asked) return 'nobody was asked about these arguments'
  if (hashOf(asked) !== start.data.args_hash) return 'the hash is not that of what was shown'
  if (asked.type === 'approval_waived') return null
  const { quorum, approvers, expires_at } = asked.data
  if (start.at >= expires_at) return `started at ${start.at}, expired at ${expires_at}`
  const between = events.filter(({ seq }) => seq > asked.seq && seq < start.seq)
  const ended = between.find((event) => VOID.has(event.type) && 'to' in event.data && event.data.to === asked.seq)
  if (ended) return `its approval had ended: ${ended.type}`
  const people = new Set(between.flatMap((event) => approverOf(event, asked, events)))
  return people.size >= quorum ? null : `${people.size} of ${quorum} approvals (of ${approvers.join(', ')})`
}

const VOID = new Set(['approval_denied', 'approval_expired', 'approval_superseded'])

const approverOf = (event: Event, asked: EventOf<'approval_requested'>, events: readonly Event[]): string[] => {
  if (event.type !== 'approval_given' || event.actor.kind !== 'person') return []
  const { approvers, self_approval, args_hash, expires_at } = asked.data
  const { id } = event.actor
  const same = event.data.to === asked.seq && event.data.args_hash === args_hash
  const own =
    !self_approval && events.some(({ seq, actor, type }) => seq < asked.seq && type === 'message' && isBy(actor, id))
  return same && !own && approvers.includes(id) && event.at < expires_at ? [id] : []
}

const isBy = (actor: Event['actor'], id: string): boolean => actor.kind === 'person' && actor.id === id

const hashOf = ({ data }: Asked): string =>
  createHash('sha256')
    .update(canonicalize(boundBy(data)) ?? '')
    .digest('hex')
