import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import { Problem } from '../errors.ts'
import { gitHubCheck } from '../signatures.ts'

/** A body whose signature fits. */
export interface SignedBody {
  /** SHA-256 of its bytes: neither delivery id nor event name is signed. */
  hash: string
  /** Undefined: larger than anything that we act on. */
  payload: unknown
}

// GitHub sends nothing larger.
const MOST_BYTES = 25 * 1024 * 1024
/**
 * What is parsed. The largest that we act on is a comment on a pull request: two texts of 65,536 characters, 6 bytes each at
 * worst, and 10 KB around them. A megabyte takes 10 ms to parse; 25 MB (a push of thousands of commits) take 0.5 s in which nobody else
 * is served. Those are checked as they come, 64 KB at a time (80 ms in all), and not kept.
 */
const PARSED_BYTES = 1024 * 1024

/**
 * Reads a webhook of GitHub's: the signature is checked on the raw bytes before anything is made of them. Strict parsing is for strangers:
 * what is signed is GitHub's own JSON, whose texts are cleaned where they are used.
 */
export const readSigned = async (
  { headers }: FastifyRequest,
  stream: Readable,
  secret: string,
): Promise<SignedBody> => {
  const signature = gitHubCheck(headers['x-hub-signature-256'], secret)
  if (Number(headers['content-length']) > MOST_BYTES) throw tooLarge()
  const hash = createHash('sha256')
  const kept: Buffer[] = []
  let size = 0
  // Not destroyed when we throw: the answer goes over the same connection.
  for await (const bytes of stream.iterator({ destroyOnReturn: false })) {
    size += bytes.length
    if (size > MOST_BYTES) throw tooLarge()
    signature.feed(bytes)
    hash.update(bytes)
    if (size <= PARSED_BYTES) kept.push(bytes)
    else kept.length = 0
  }
  signature.verify()
  return { hash: hash.digest('hex'), payload: size > PARSED_BYTES ? undefined : parse(Buffer.concat(kept)) }
}

const parse = (bytes: Buffer): unknown => {
  try {
    return JSON.parse(bytes.toString())
  } catch {
    throw new Problem(400, 'bad_json', 'the body is not valid JSON')
  }
}

const tooLarge = () =>
  new Problem(413, 'too_large', 'GitHub sends no more than 25 MB', { headers: { connection: 'close' } })
