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
export const asStatus = async (response: Response): Promise<Response> => {
  if (response.status !== 200) return response
  const { errors = [], data } = await answerOf(response)
  const limit = errors.find(({ type, message }) => type === 'RATE_LIMITED' || /rate limit/i.test(message ?? ''))
  if (limit) return restated(response, 429, limit.message ?? 'rate limit exceeded')
  // "Something went wrong while executing your query": no type, no data, and often gone a moment later.
  const broken = errors.find(({ type, message }) => type === undefined && /went wrong|timed? ?out/i.test(message ?? ''))
  return broken && !data ? restated(response, 502, broken.message ?? '') : response
}

const answerOf = async (response: Response): Promise<Answer> => {
  try {
    const told: unknown = await response.clone().json()
    return typeof told === 'object' && told !== null ? told : {}
  } catch {
    return {}
  }
}

const restated = ({ headers, url }: Response, status: number, message: string): Response => {
  const kept = new Headers(headers)
  for (const name of ['content-length', 'content-encoding']) kept.delete(name)
  kept.set('content-type', 'application/json; charset=utf-8')
  const copy = new Response(JSON.stringify({ message }), { status, headers: kept })
  return Object.defineProperty(copy, 'url', { value: url })
}
