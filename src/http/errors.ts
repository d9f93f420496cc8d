import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { BadCursor, Busy, Conflict, isOutage, KeyReused, TakenBefore } from '../agent/ports.ts'
import { type RefusalCode, Refused } from '../thread/input.ts'
import { Newer, Unreadable } from '../thread/situation.ts'
import { aboutRequest } from './about.ts'
import { problemPage } from './pages/problem.ts'
import { sendPage, wantsPage } from './pages/send.ts'

/** An answer that is an error (RFC 9457): a stable code, and enough to act on. */
export class Problem extends Error {
  readonly status: number
  readonly code: string
  readonly headers: Record<string, string>
  readonly errors: { path: string; message: string }[] | undefined
  constructor(
    status: number,
    code: string,
    detail: string,
    more: { headers?: Record<string, string>; errors?: { path: string; message: string }[] } = {},
  ) {
    super(detail)
    this.status = status
    this.code = code
    this.headers = more.headers ?? {}
    this.errors = more.errors
  }
}

const REFUSALS: Record<RefusalCode, number> = {
  unknown_thread: 404,
  thread_ended: 409,
  run_in_flight: 409,
  already_launched: 409,
  already_answered: 409,
  already_approved_by_you: 409,
  expired: 409,
  superseded: 409,
  nothing_asked: 409,
  not_in_flight: 409,
  claimed_by_another_run: 409,
  new_approval_needed: 409,
  stale: 409,
  not_approved_by_you: 409,
  unknown_person: 422,
  nobody_to_confirm: 409,
  is_a_link: 409,
  author_approval: 403,
  not_yours_to_answer: 403,
  self_approval: 403,
  fresh_sign_in_needed: 403,
  not_the_approved_workflow: 403,
  answer_mismatch: 422,
  unknown_choice: 422,
  bad_edit: 422,
  bad_fork: 422,
  not_restartable: 409,
  unknown_place: 422,
  bad_expiry: 422,
  reason_needed: 422,
  not_locked: 409,
  is_a_lock: 409,
  break_glass_needed: 403,
  unknown_agent: 422,
}

const FASTIFY: Record<string, [status: number, code: string]> = {
  FST_ERR_CTP_BODY_TOO_LARGE: [413, 'too_large'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [415, 'unsupported_media_type'],
  FST_ERR_CTP_EMPTY_JSON_BODY: [400, 'bad_json'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [400, 'bad_length'],
  FST_UNDER_PRESSURE: [503, 'overloaded'],
}

const RETRY = { headers: { 'retry-after': '1' } }

/** What any error is to a client. Only here do codes become statuses; what is not known is our mistake, and says no more. */
export const toProblem = (error: unknown): Problem => {
  if (error instanceof Problem) return error
  if (error instanceof Refused) return new Problem(REFUSALS[error.code], error.code, error.message)
  if (error instanceof BadCursor) return new Problem(400, 'bad_cursor', error.message)
  if (error instanceof KeyReused) return new Problem(422, 'idempotency_key_reused', error.message)
  if (error instanceof Newer) {
    return new Problem(503, 'newer_version_needed', `a newer version must answer (${error.message})`, RETRY)
  }
  if (error instanceof Unreadable) {
    return new Problem(
      409,
      'thread_quarantined',
      `the log of this thread cannot be read (${error.message}); an operator must look`,
    )
  }
  if (error instanceof Conflict) return new Problem(503, 'busy', 'the thread changes too quickly; try again', RETRY)
  if (error instanceof Busy) return new Problem(409, 'held', error.message)
  if (isOutage(error)) return new Problem(503, 'database_unavailable', 'the database does not answer; try again', RETRY)
  return fromFastify(error as FastifyError)
}

const fromFastify = (error: FastifyError): Problem => {
  if (error.validation) {
    const where = error.validationContext ?? 'body'
    const errors = error.validation.map(({ instancePath, message = 'is not allowed', params }) => {
      const extra = (params as { additionalProperty?: string }).additionalProperty
      return { path: `${where}${instancePath}`, message: extra === undefined ? message : `${message}: ${extra}` }
    })
    return new Problem(400, 'invalid_request', errors.map(({ path, message }) => `${path} ${message}`).join('; '), {
      errors,
    })
  }
  const [status, code] = FASTIFY[error.code] ?? []
  if (status && code) return new Problem(status, code, error.message, status === 503 ? RETRY : {})
  if (error.statusCode === 429) return new Problem(429, 'too_many_requests', error.message)
  if (error.statusCode && error.statusCode >= 400 && error.statusCode < 500) {
    return new Problem(error.statusCode, 'bad_request', error.message)
  }
  return new Problem(500, 'internal', 'this is our mistake; the log says more')
}

const TITLES: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
}

/** The one error handler. A delivery that was taken before is no error: it gets the answer it got then. */
export const handleError = (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
  if (error instanceof TakenBefore) {
    return reply.code(error.answer.status).header('idempotency-replayed', 'true').send(error.answer.body)
  }
  const problem = toProblem(error)
  const about = { ...aboutRequest(request), code: problem.code, status: problem.status }
  if (problem.status >= 500) request.log.error({ ...about, err: error }, 'request failed')
  else if (about.thread_id ?? about.delivery_id) request.log.info(about, 'request refused')
  return tellProblem(problem, request, reply)
}

/** To a browser as a page, to everybody else as JSON. */
export const tellProblem = (problem: Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply =>
  wantsPage(request)
    ? sendPage(reply.code(problem.status).headers(problem.headers), problemPage(problem, request.viewer ?? null))
    : sendProblem(reply, problem)

export const sendProblem = (reply: FastifyReply, problem: Problem): FastifyReply =>
  reply
    .code(problem.status)
    .headers(problem.headers)
    .type('application/problem+json')
    .serializer(JSON.stringify)
    .send(bodyOf(problem))

/** A problem as it goes over the wire (RFC 9457). */
export const bodyOf = ({ status, code, message, errors }: Problem) => ({
  type: 'about:blank',
  title: TITLES[status] ?? 'Error',
  status,
  detail: message,
  code,
  ...(errors ? { errors } : {}),
})
