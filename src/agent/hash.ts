import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { Json } from '../thread/event.ts'

/** SHA-256 over canonical JSON (RFC 8785). */
export const hash = (value: Json): string =>
  createHash('sha256')
    .update(canonicalize(value) ?? '')
    .digest('hex')
