import { createHmac, timingSafeEqual } from 'node:crypto'

const GOOD_FOR_S = 10 * 60

/**
 * Proves that an operator of ours began what comes back from Slack: good for ten minutes, in any process, and nothing of it is kept. (A code of Slack's is good
 * once, so this need not be.)
 */
export const stateFor = (secret: string, now = Date.now()): string => {
  const until = String(Math.floor(now / 1000) + GOOD_FOR_S)
  return `${until}.${signatureOf(until, secret)}`
}

export const isState = (state: string, secret: string, now = Date.now()): boolean => {
  const [until = '', signature = ''] = state.split('.')
  const [given, right] = [Buffer.from(signature), Buffer.from(signatureOf(until, secret))]
  return given.length === right.length && timingSafeEqual(given, right) && Number(until) * 1000 > now
}

const signatureOf = (until: string, secret: string): string =>
  createHmac('sha256', secret).update(`slack install until ${until}`).digest('base64url')
