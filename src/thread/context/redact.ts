import type { Json } from '../facts/json.ts'
import type { Policy } from '../policy.ts'

/** Takes out of a text what nobody should read there. */
export type Redact = (text: string) => string

const GONE = '[redacted]'

/** What secrets look like, and what stays of them. Every repetition is bounded: a hostile text must not cost more than its length. */
const BUILT_IN: [pattern: RegExp, left: string][] = [
  [/-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^-]{0,10000}(-----END [A-Z ]{0,30}PRIVATE KEY-----)?/g, GONE],
  [/\b(gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_\w{20,255})/g, GONE],
  [/\b(A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b/g, GONE],
  [/\beyJ[\w-]{5,4000}\.eyJ[\w-]{2,8000}(\.[\w-]{0,4000})?/g, GONE],
  [/\b(xox[abeoprs]-[\w-]{10,250}|sk-[\w-]{20,250}|dbt_[\w-]{20,100}|whsec_[\w+/]{20,100}={0,2})/g, GONE],
  [/\b(bearer\s{1,3})(?=\S{0,40}\d)[\w.~+/=-]{12,8000}/gi, `$1${GONE}`],
  [/\b([a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@]{1,100}:)[^\s/@]{1,200}(?=@)/gi, `$1${GONE}`],
  [
    /((?:password|passwd|secret|token|api[_-]?key|access[_-]?key)["']?\s{0,3}=\s{0,3}["']?)[^\s"',;&]{3,500}/gi,
    `$1${GONE}`,
  ],
  // After a colon may stand a sentence: only what has a digit in it is taken for a secret.
  [
    /((?:password|passwd|secret|token|api[_-]?key|access[_-]?key)["']?:\s{0,3}["']?)(?=[^\s"',;&]{0,100}\d)[^\s"',;&]{8,500}/gi,
    `$1${GONE}`,
  ],
]

// Nearly no text has any of these in it, and then there is nothing to look for: nine patterns over each were half of what rendering took.
const MAY_HOLD_ONE = /-----BEGIN|gh[pousr]_|github_pat_|A3T|A[KSB]IA|ACCA|eyJ|xox[a-z]-|sk-|dbt_|whsec_/
// Apart, as it takes twice as long to look for all of them in any case.
const IN_ANY_CASE = /bearer|@|passw|secret|token|key/i

const usual: Redact = (text) => (MAY_HOLD_ONE.test(text) || IN_ANY_CASE.test(text) ? replaced(text, BUILT_IN) : text)
const replaced = (text: string, patterns: [RegExp, string][]): string =>
  patterns.reduce((rest, [pattern, left]) => rest.replace(pattern, left), text)

const redactors = new WeakMap<Pick<Policy, 'redact'>, Redact>()

/** By what secrets look like anywhere, and by the team's own patterns. */
export const redactorOf = (policy: Pick<Policy, 'redact'>): Redact => {
  const known = redactors.get(policy)
  if (known) return known
  const own = (policy.redact ?? []).map((source): [RegExp, string] => [new RegExp(source, 'gu'), GONE])
  const redact: Redact = (text) => replaced(usual(text), own)
  redactors.set(policy, redact)
  return redact
}

/** By what secrets look like anywhere. */
export const redactUsual: Redact = redactorOf({})

/** Every text in it redacted. */
export const redactAll = (value: Json, redact: Redact): Json =>
  typeof value === 'string' ? redact(value) : changed(value, (item) => redactAll(item, redact))

/** With each item as `to` makes it. What stays as it is, which is nearly all, is not copied: that was a tenth of a step's CPU. */
export const changed = (value: Json, to: (item: Json, name: string) => Json): Json => {
  if (typeof value !== 'object' || value === null) return value
  const items = value as { [name: string]: Json }
  let copy: typeof items | null = null
  for (const name of Object.keys(items)) {
    const item = items[name] as Json
    const next = to(item, name)
    if (next === item) continue
    copy ??= (Array.isArray(value) ? [...value] : { ...value }) as typeof items
    Object.assign(copy, { [name]: next })
  }
  return copy ?? value
}
