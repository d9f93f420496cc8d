import { RequestError } from 'octokit'
import { ToolError } from '../agent/ports.ts'
import { fromGraphql, isGraphqlError } from './graphql-errors.ts'
import { missingRight } from './permissions.ts'
import { toldToWait } from './quiet.ts'

/** Whatever octokit threw, as the thread should learn of it: a code, a short message, and whether later can help. */
export const toToolError = (error: unknown): ToolError => {
  if (error instanceof ToolError) return error
  if (isGraphqlError(error)) return fromGraphql(error)
  if (!(error instanceof RequestError)) return unexpected(error)
  if (!error.response) return unanswered(error)
  const wait = retryAfterOf(error)
  if (wait !== undefined) return new ToolError('rate_limited', messageOf(error), { retryAfterMs: wait })
  if (error.status >= 500) return new ToolError('github_unavailable', messageOf(error), { retryAfterMs: SOON })
  if (isGone(error)) return new ToolError('installation_gone', `${messageOf(error)}; ${GONE}`)
  return new ToolError(codes[error.status] ?? 'github_refused', withRight(error))
}

const GONE = 'the GitHub App is not installed there (any more) or is suspended. Once it is again, it is found by itself'

/** There is no installation to act through, or it was suspended. */
const isGone = (error: RequestError): boolean => {
  if (error.status === 403 && /installation.*suspended/i.test(messageOf(error))) return true
  const { pathname } = new URL(error.request.url)
  const asked = /\/repos\/[^/]+\/[^/]+\/installation$|\/app\/installations\/\d+\/access_tokens$/.test(pathname)
  return asked && (error.status === 403 || error.status === 404)
}

/** GitHub's words and, where it lacks one, the right that would help. What may not be seen is also "not found". */
const withRight = (error: RequestError): string => {
  const said = messageOf(error)
  const { method, url } = error.request
  const header = error.response?.headers['x-accepted-github-permissions']
  const accepted = typeof header === 'string' ? header : undefined
  const forbidden = error.status === 403 && /not accessible by|must have|permission|not authorized/i.test(said)
  return forbidden ? said + missingRight(said, accepted, method, new URL(url).pathname) : said
}

const SOON = 2000
const codes: Record<number, string> = {
  401: 'github_unauthorised',
  403: 'github_forbidden',
  404: 'not_found',
  409: 'github_conflict',
  422: 'github_refused',
}

export const hasStatus = (error: unknown, ...statuses: number[]): error is RequestError =>
  error instanceof RequestError && error.response !== undefined && statuses.includes(error.status)

/** Null where GitHub says that there is no such thing. For commits that is 422, and 404 for all else. */
export const orNull = async <T>(asked: Promise<T>): Promise<T | null> => {
  try {
    return await asked
  } catch (error) {
    if (hasStatus(error, 404, 422)) return null
    throw error
  }
}

/** GitHub's own words, and nothing of the request: that holds the token. */
export const messageOf = (error: RequestError): string => {
  const data: unknown = error.response?.data
  const said = typeof data === 'object' && data !== null && 'message' in data ? String(data.message) : ''
  return `GitHub answered ${error.status}${said && `: ${said}`}`.replace(/\s+/g, ' ').slice(0, 300)
}

/** How long GitHub wants to be left alone, in milliseconds; undefined where it did not say so. */
export const retryAfterOf = (error: RequestError): number | undefined => {
  if (error.status !== 403 && error.status !== 429) return undefined
  const headers = error.response?.headers ?? {}
  const told = toldToWait(error.status, (name) => headers[name])
  // "wait for at least one minute", say the docs, where a limit comes without a header.
  return told ?? (error.status === 429 || /rate limit/i.test(messageOf(error)) ? 60_000 : undefined)
}

/** The system's code behind "fetch failed" (ECONNREFUSED, …), from however deep. */
export const systemCodeOf = (error: unknown): string => {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause.name === 'TimeoutError') return 'TIMEOUT'
    if ('code' in cause && typeof cause.code === 'string') return cause.code
  }
  return 'NO_ANSWER'
}

const unanswered = (error: RequestError): ToolError => {
  const code = systemCodeOf(error)
  if (code === 'TIMEOUT')
    return new ToolError('github_timeout', 'GitHub did not answer in time', { retryAfterMs: SOON })
  return new ToolError('github_unreachable', `GitHub could not be reached (${code})`, { retryAfterMs: SOON })
}

/** Not its message: one about a malformed header would quote the token. */
const unexpected = (error: unknown): ToolError => {
  const kind = error instanceof Error ? error.name : typeof error
  return new ToolError('github_unreadable', `GitHub's answer could not be used (${kind})`, { retryAfterMs: SOON })
}
