import { withBody } from './with-body.ts'

interface Kept {
  tag: string
  body: ArrayBuffer
  headers: Headers
}

const MOST = 300
const LARGEST = 256 * 1024

/**
 * Every reading reaches GitHub, but what has not changed since it need not send again: a 304 costs nothing of the limit, and says
 * that what we hold is true now.
 */
export const remember = (send: typeof fetch): typeof fetch => {
  const known = new Map<string, Kept>()
  const keep = (key: string, kept: Kept): void => {
    known.delete(key)
    known.set(key, kept)
    const [oldest] = known.keys()
    if (known.size > MOST && oldest !== undefined) known.delete(oldest)
  }
  return async (input, init) => {
    if (init?.method !== 'GET') return send(input, init)
    const headers = new Headers(init.headers)
    const key = `${String(input)} ${headers.get('accept')}`
    const before = known.get(key)
    if (before) headers.set('if-none-match', before.tag)
    const response = await send(input, { ...init, headers })
    if (response.status === 304 && before) {
      keep(key, before)
      return unchanged(before, response)
    }
    const tag = response.headers.get('etag')
    if (response.status !== 200 || tag === null) return response
    const body = await response.clone().arrayBuffer()
    if (body.byteLength <= LARGEST) keep(key, { tag, body, headers: response.headers })
    return response
  }
}

/** The body of then with what GitHub says now about limits. */
const unchanged = ({ body, headers }: Kept, now: Response): Response => {
  const merged = new Headers(headers)
  for (const [name, value] of now.headers) if (name.startsWith('x-ratelimit-')) merged.set(name, value)
  return withBody(now, body, { status: 200, headers: merged })
}
