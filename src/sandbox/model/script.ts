import { type Static, Type } from 'typebox'

/** One answer that a test wants, as raw as it likes. Without `body` it is a well-formed completion with `content`. */
export const QueuedReply = Type.Object(
  {
    content: Type.Optional(Type.String()),
    finish_reason: Type.Optional(Type.Union([Type.String(), Type.Null()])),
    status: Type.Optional(Type.Integer({ minimum: 200, maximum: 599 })),
    headers: Type.Optional(Type.Record(Type.String(), Type.String())),
    body: Type.Optional(Type.String()),
    delay_ms: Type.Optional(Type.Integer({ minimum: 0 })),
    /** `silent`: never answers. `cut`: hangs up in the middle of the body. */
    fault: Type.Optional(Type.Union([Type.Literal('silent'), Type.Literal('cut')])),
  },
  { additionalProperties: false },
)
export type QueuedReply = Static<typeof QueuedReply>

export interface ReceivedRequest {
  headers: Record<string, unknown>
  body: unknown
}

/** The answers still to give, and what was asked. */
export interface Script {
  queue(...replies: QueuedReply[]): void
  take(): QueuedReply | undefined
  record(request: ReceivedRequest): void
  requests(): readonly ReceivedRequest[]
}

const REMEMBERED = 100

export const createScript = (): Script => {
  const replies: QueuedReply[] = []
  const received: ReceivedRequest[] = []
  return {
    queue(...more) {
      replies.push(...more)
    },
    take: () => replies.shift(),
    record(request) {
      received.push(request)
      if (received.length > REMEMBERED) received.shift()
    },
    requests: () => received,
  }
}
