import type { FastifyRequest } from 'fastify'
import { Problem } from '../errors.ts'
import { verifySlack } from '../signatures.ts'

// A click brings the message that it was made on: 50 blocks of 3,000 characters at worst, and in a form each may take nine bytes.
export const SLACK_BODY_BYTES = 1024 * 1024

/** Checks the signature on the raw bytes before anything is made of them. What is signed is Slack's own; its texts are cleaned where they are used. */
export const readEvent =
  (secret: string) =>
  async ({ headers }: FastifyRequest, body: Buffer): Promise<unknown> => {
    verifySlack(body, headers, secret)
    return parse(body.toString())
  }

/** Clicks and commands come as forms; of a click, all that there is is JSON in one field. */
export const readForm =
  (secret: string) =>
  async ({ headers }: FastifyRequest, body: Buffer): Promise<unknown> => {
    verifySlack(body, headers, secret)
    const form = Object.fromEntries(new URLSearchParams(body.toString()))
    return form['payload'] === undefined ? form : parse(form['payload'])
  }

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    throw new Problem(400, 'bad_json', 'the body is not valid JSON')
  }
}
