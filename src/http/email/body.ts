import type { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import { Problem } from '../errors.ts'
import { standardCheck } from '../signatures.ts'

// What mail providers take, and so may pass on.
const MOST_BYTES = 25 * 1024 * 1024
/** What is kept: words come before what is attached to them, and that is not read. Of JSON, whose base64 is a third longer, all of it or nothing. */
const READ_BYTES = 1024 * 1024
const JSON_BYTES = 1.4 * READ_BYTES

/** The bytes of a mail whose signature fits, at most the first megabyte. Null: JSON that is longer. */
export const readSignedMail = async (
  request: FastifyRequest,
  stream: Readable,
  secret: string,
): Promise<Buffer | null> => {
  const { headers } = request
  const signature = standardCheck(headers, secret)
  if (Number(headers['content-length']) > MOST_BYTES) throw tooLarge()
  const json = /^application\/json\b/i.test(headers['content-type'] ?? '')
  const most = json ? JSON_BYTES : READ_BYTES
  const kept: Buffer[] = []
  let size = 0
  // Not destroyed when we throw: the answer goes over the same connection.
  for await (const bytes of stream.iterator({ destroyOnReturn: false })) {
    if (size < most) kept.push(bytes)
    size += bytes.length
    if (size > MOST_BYTES) throw tooLarge()
    signature.feed(bytes)
  }
  signature.verify()
  if (!json) return Buffer.concat(kept).subarray(0, READ_BYTES)
  return size > most ? null : rawIn(Buffer.concat(kept))
}

/** `{"raw": base64}`. */
const rawIn = (bytes: Buffer): Buffer => {
  try {
    const { raw } = JSON.parse(bytes.toString())
    if (typeof raw === 'string' && /^[A-Za-z0-9+/_\s-]*={0,2}\s*$/.test(raw)) return Buffer.from(raw, 'base64')
  } catch {
    // Said below, as any other mistake in it.
  }
  throw new Problem(400, 'bad_json', 'the body must be {"raw": "<the mail in base64>"}')
}

const tooLarge = () => new Problem(413, 'too_large', 'a mail may have 25 MB', { headers: { connection: 'close' } })
