const TAIL = 256 * 1024
// Of a store that knows no ranges so much is read, and what comes after it stays unread.
const MOST = 8 * 1024 * 1024
const PATIENCE_MS = 10_000

/** The last 256 KB of a text; null: it is gone. */
export const tailOf = async (url: string): Promise<string | null> => {
  const signal = AbortSignal.timeout(PATIENCE_MS)
  const whole = await fetch(url, { signal })
  if (whole.status !== 200) return giveUp(whole)
  const size = Number(whole.headers.get('content-length'))
  // "The last so many bytes" is a range that not every store knows; "from here on" is.
  if (!(size > TAIL)) return whole.headers.has('content-length') ? whole.text() : tailOfStream(whole)
  await giveUp(whole)
  const part = await fetch(url, { signal, headers: { range: `bytes=${size - TAIL}-` } })
  return part.ok ? tailOfStream(part) : giveUp(part)
}

const giveUp = async ({ body }: Response): Promise<null> => {
  await body?.cancel()
  return null
}

const tailOfStream = async ({ body }: Response): Promise<string> => {
  let tail = Buffer.alloc(0)
  let read = 0
  for await (const chunk of body ?? []) {
    tail = Buffer.concat([tail, chunk]).subarray(-TAIL)
    read += chunk.length
    if (read > MOST) break
  }
  return tail.toString('utf8')
}
