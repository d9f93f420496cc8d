import { createHmac, timingSafeEqual } from 'node:crypto'
import type { CodeFor, MailCodes } from '../../agent/ports.ts'

// No letter that reads like a digit.
const ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'
const LENGTH = 8
const WINDOW_MS = 30_000
/** Ten minutes: a code is good for the window in which it was made and so many before now. */
const WINDOWS = 19

/**
 * Codes are made from what they are for and when, so that none is kept: 40 bits of an HMAC. One guess in 2^35 would be right, and a
 * wrong one is words, which void the question.
 */
export const createMailCodes = (secret: string): MailCodes => {
  const key = createHmac('sha256', secret).update('deploybot e-mail code').digest()
  const codeIn = ({ thread_id, seq, person, args_hash }: CodeFor, window: number): string => {
    const bound = JSON.stringify([thread_id, seq, person, args_hash, window])
    const bytes = createHmac('sha256', key).update(bound).digest().subarray(0, LENGTH)
    return [...bytes].map((byte) => ALPHABET[byte % ALPHABET.length]).join('')
  }
  return {
    mint: (bound, at) => codeIn(bound, windowOf(at)).replace(/^.{4}/, '$&-'),
    fits: (bound, words, at) => {
      const given = Buffer.from(words.toUpperCase().replace(/[\s-]/g, ''))
      const ages = Array.from({ length: WINDOWS + 1 }, (_, age) => Buffer.from(codeIn(bound, windowOf(at) - age)))
      return ages.some((code) => code.length === given.length && timingSafeEqual(code, given))
    },
  }
}

const windowOf = (at: string): number => Math.floor(Date.parse(at) / WINDOW_MS)
