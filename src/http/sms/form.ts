import { createHmac, timingSafeEqual } from 'node:crypto'
import { refused } from '../signatures.ts'

/** What Twilio posts: a name may come more than once. */
export type Form = URLSearchParams

/**
 * X-Twilio-Signature: HMAC-SHA1 of the address that Twilio was given and all fields, sorted by name. The address is ours by
 * configuration: what a Host header says, anybody may say.
 */
export const verifyTwilio = (
  form: Form,
  header: string | string[] | undefined,
  url: string,
  authToken: string,
): void => {
  const given = Buffer.from(typeof header === 'string' ? header : '', 'base64')
  const expected = createHmac('sha1', authToken)
    .update(url + joined(form))
    .digest()
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw refused()
}

const joined = (form: Form): string =>
  [...new Set(form.keys())]
    .sort()
    .map((name) =>
      [...new Set(form.getAll(name))]
        .sort()
        .map((value) => name + value)
        .join(''),
    )
    .join('')
