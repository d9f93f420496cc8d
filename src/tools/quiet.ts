/**
 * GitHub's "not before then", kept for all requests of one client: whoever asks meanwhile gets the same answer, and GitHub no request.
 * Other replicas learn of it by a refusal of their own; what was put off is put off by the log, for whoever goes on with it.
 * Those that were on their way already still arrive.
 */
export const keepQuiet = (send: typeof fetch): typeof fetch => {
  let until = 0
  return async (input, init) => {
    const left = until - performance.now()
    if (left > 0) return refusal(left)
    const response = await send(input, init)
    const wait = toldToWait(response.status, (name) => response.headers.get(name)) ?? 0
    until = Math.max(until, performance.now() + wait)
    return response
  }
}

type Header = (name: string) => string | number | null | undefined

/** How long an answer with this status and these headers wants GitHub left alone, in milliseconds; undefined where they do not say. */
export const toldToWait = (status: number, header: Header): number | undefined => {
  if (status !== 403 && status !== 429) return undefined
  const seconds = Number(header('retry-after'))
  if (seconds > 0) return seconds * 1_000
  if (header('x-ratelimit-remaining') !== '0') return undefined
  // Both times are GitHub's, so this machine's clock does not matter.
  const now = Date.parse(String(header('date'))) || Date.now()
  return Math.max(Number(header('x-ratelimit-reset')) * 1_000 - now, 1_000)
}

const refusal = (ms: number): Response =>
  Response.json(
    { message: 'GitHub has asked to be left alone' },
    { status: 429, headers: { 'retry-after': String(Math.ceil(ms / 1_000)) } },
  )
