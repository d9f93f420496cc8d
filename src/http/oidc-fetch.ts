/** The issuer does not answer as an issuer should. */
export class IssuerUnavailable extends Error {}

const MOST_BYTES = 64 * 1024
const TIMEOUT_MS = 5_000

/**
 * Gets small JSON documents of one issuer, each as `read` takes it. After a failure, or what `read` refuses, nobody asks for `restMs`: tokens
 * cost nothing to whoever makes them up, but each of them would make us call. Redirects are not followed.
 */
export const createFetcher = (restMs: number) => {
  let restUntil = 0
  return async <T>(url: string, read: (json: unknown) => T): Promise<T> => {
    if (performance.now() < restUntil) throw new IssuerUnavailable('it failed a moment ago')
    try {
      const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) })
      if (answer.status !== 200) throw new IssuerUnavailable(`it answers ${answer.status}`)
      return read(JSON.parse(await bodyOf(answer)))
    } catch (cause) {
      restUntil = performance.now() + restMs
      throw cause instanceof IssuerUnavailable ? cause : new IssuerUnavailable('it does not answer', { cause })
    }
  }
}

const bodyOf = async ({ body }: Response): Promise<string> => {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of body ?? []) {
    size += part.length
    if (size > MOST_BYTES) throw new IssuerUnavailable('its answer is too large')
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}
