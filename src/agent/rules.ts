import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { Json } from '../thread/event.ts'
import type { Policy } from '../thread/policy.ts'
import { LIMITS, type Rules } from '../thread/rules.ts'

/** What deciding needs beside input and state, under the team's policy. */
export const rulesOf = (policy: Policy): Rules => ({ policy, limits: LIMITS, hash })

/** SHA-256 over canonical JSON (RFC 8785). */
const hash = (value: Json): string =>
  createHash('sha256')
    .update(canonicalize(value) ?? '')
    .digest('hex')
