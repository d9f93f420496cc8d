/**
 * GitHub's "not before then", kept for all requests of one client: whoever asks meanwhile gets the same answer, and GitHub no request.
 * Those that were on their way already still arrive.
 */
export const keepQuiet = (send: typeof fetch): typeof fetch => {
  let until = 0
  return async (input, init) => {
    const left = until - performance.now()
    if (left > 0) return refusal(left)
    const response = await send(input, init)
    until = Math.max(until, performance.now() + quietOf(response))
    return response
  }
}

/** How long this answer wants to be left alone, in milliseconds. */
const quietOf = ({ status, headers }: Response): number => {
  if (status !== 403 && status !== 429) return 0
  const seconds = Number(headers.get('retry-after'))
  if (seconds > 0) return seconds * 1_000
  if (headers.get('x-ratelimit-remaining') !== '0') return 0
  // Both times are GitHub's, so this machine's clock does not matter.
  const now = Date.parse(headers.get('date') ?? '') || Date.now()
  return Math.max(0, Number(headers.get('x-ratelimit-reset')) * 1_000 - now)
}

const refusal = (ms: number): Response =>
  Response.json(
    { message: 'GitHub has asked to be left alone' },
    { status: 429, headers: { 'retry-after': String(Math.ceil(ms / 1_000)) } },
  )
