import type { Channel, Mutes, Told } from '../agent/ports.ts'
import { shortOf } from '../thread/contact/short.ts'
import { createTwilio, type TwilioSettings } from './sms/client.ts'
import { fitted } from './sms/segments.ts'
import { wordsOf } from './sms/words.ts'

export interface SmsOptions extends TwilioSettings {
  /** A number, or a Messaging Service (`MG…`). */
  from: string
  publicUrl: string
  mutes: Pick<Mutes, 'isMuted'>
}

const LATER_MS = 60_000
const NUMBER = /^\+[0-9]{6,15}$/

/** Tells people by SMS that something waits for them, and where. Two segments at most: it is paid by the piece. */
export const createSmsChannel = (options: SmsOptions): Channel<{ sms: string }> & { verify(): Promise<string> } => {
  const client = createTwilio(options)
  const { from, publicUrl, mutes } = options
  const sender = from.startsWith('MG') ? { messagingServiceSid: from } : { from }
  return {
    name: 'sms',
    /** Looks at the account, and sends nothing. */
    verify: async () => `the account is ${(await client.api.v2010.accounts(options.accountSid).fetch()).status}`,
    deliver: async (notice): Promise<Told> => {
      const to = notice.address.sms
      if (!NUMBER.test(to)) return { ok: false, message: 'this is no phone number' }
      const body = fitted(wordsOf(notice), `${publicUrl}/t/${shortOf(notice.thread_id)}`)
      const statusCallback = `${publicUrl}/webhooks/sms/status?thread=${notice.thread_id}`
      try {
        if (await mutes.isMuted(to)) return { ok: false, message: 'this number said STOP' }
        const { sid } = await client.messages.create({ ...sender, to, body, statusCallback })
        return { ok: true, ref: { sid } }
      } catch (error) {
        return failed(error)
      }
    },
  }
}

/** What Twilio refuses (4xx) it refuses again; a full queue, a fault of its own or of the way passes. */
const failed = (error: unknown): Told => {
  const { status, code, message = 'failed' } = error as { status?: number; code?: number | string; message?: string }
  const why = `${code ?? ''} ${message}`.trim().slice(0, 200)
  const stays = status !== undefined && status >= 400 && status < 500 && status !== 429
  return stays ? { ok: false, message: why } : { ok: false, message: why, retry_after_ms: LATER_MS }
}
