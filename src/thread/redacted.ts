import { changed, type Redact, redactAll, redactorOf } from './context/redact.ts'
import type { Json } from './event.ts'
import type { Policy } from './policy.ts'

/**
 * Fields that hold words: of people, models, GitHub. Names, tags, SHAs and ids are what approvals, runs and questions are found by,
 * and stay as they are, whatever pattern fits them.
 */
const WORDS: ReadonlySet<string> = new Set([
  'message',
  'response',
  'comment',
  'context',
  'title',
  'question',
  'reason',
  'log',
  'description',
])

/** What came in, without what secrets look like and what the team has named: before any of it is cut, hashed or written down. */
export const redacted = <I extends object>(input: I, policy: Policy): I =>
  inWords(input as unknown as Json, redactorOf(policy)) as unknown as I

const inWords = (value: Json, redact: Redact): Json =>
  changed(value, (item, name) => (WORDS.has(name) ? redactAll(item, redact) : inWords(item, redact)))
