import { hash as digest } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { Personal } from '../thread/contact/ladder.ts'
import type { Json } from '../thread/event.ts'
import type { Policy } from '../thread/policy.ts'
import { LIMITS, type Rules } from '../thread/rules.ts'

/** What deciding needs beside input and state, under the team's policy. */
export const rulesOf = (policy: Policy, ways: readonly Personal[] = []): Rules => ({
  policy,
  limits: LIMITS,
  ways,
  hash,
})

/** SHA-256 over canonical JSON (RFC 8785). */
const hash = (value: Json): string => digest('sha256', canonicalize(value) ?? '')
