import { withBody } from './with-body.ts'

interface Answer {
  data?: unknown
  errors?: { type?: string; message?: string }[]
}

export const isGraphql = (input: Parameters<typeof fetch>[0]): boolean =>
  new URL(input instanceof Request ? input.url : input).pathname.endsWith('/graphql')

/**
 * GraphQL says with 200 what REST says with its status: that there is a limit, or that it broke down. Told as REST tells it,
 * whatever waits, asks again or gives up does so for both.
 */
export const asStatus = (response: Response, body: string): Response => {
  const { errors = [], data } = response.status === 200 ? answerIn(body) : {}
  const limit = errors.find(({ type, message }) => type === 'RATE_LIMITED' || /rate limit/i.test(message ?? ''))
  if (limit) return restated(response, 429, limit.message ?? 'rate limit exceeded')
  // "Something went wrong while executing your query": no type, no data, and often gone a moment later.
  const broken = errors.find(({ type, message }) => type === undefined && /went wrong|timed? ?out/i.test(message ?? ''))
  return broken && !data ? restated(response, 502, broken.message ?? '') : withBody(response, body)
}

/** Nothing where no error can be in it: octokit reads what is good. */
const answerIn = (body: string): Answer => {
  if (!body.includes('"errors"')) return {}
  try {
    const told: unknown = JSON.parse(body)
    return typeof told === 'object' && told !== null ? told : {}
  } catch {
    return {}
  }
}

const restated = (response: Response, status: number, message: string): Response => {
  const headers = new Headers(response.headers)
  for (const name of ['content-length', 'content-encoding']) headers.delete(name)
  headers.set('content-type', 'application/json; charset=utf-8')
  return withBody(response, JSON.stringify({ message }), { status, headers })
}
