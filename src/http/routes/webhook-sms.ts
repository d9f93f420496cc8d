import type { FastifyReply, FastifyRequest } from 'fastify'
import { Counter } from 'prom-client'
import { TakenBefore } from '../../agent/ports.ts'
import type { App, AppDeps } from '../deps.ts'
import { told } from '../github/heard.ts'
import { isThreadId } from '../schemas/requests.ts'
import { type Form, verifyTwilio } from '../sms/form.ts'
import { hearSms } from '../sms/hear.ts'

const BODY_BYTES = 64 * 1024
const STATUSES = ['queued', 'sending', 'sent', 'delivered', 'undelivered', 'failed', 'read', 'canceled']

/** What Twilio tells us: SMS that came in, and what became of those that went out. */
export const smsWebhookRoutes = (app: App, { smsIn, publicUrl, registry, ...deps }: AppDeps): void => {
  if (!smsIn) return
  const statuses = new Counter({
    name: 'deploybot_sms_status_total',
    help: 'What became of SMS that were sent',
    labelNames: ['status'],
    registers: [registry],
  })
  const signed = ({ body, headers, url }: FastifyRequest): Form => {
    const form = body instanceof URLSearchParams ? body : new URLSearchParams()
    verifyTwilio(form, headers['x-twilio-signature'], `${publicUrl}${url}`, smsIn.authToken)
    return form
  }

  app.register((scope, _, done) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: BODY_BYTES },
      async (_: FastifyRequest, body: string) => new URLSearchParams(body),
    )
    scope.post(
      '/webhooks/sms',
      { schema: { summary: 'SMS that came in, signed by Twilio' } },
      async (request, reply) => {
        const form = signed(request)
        return twiml(reply, await answerOnce(() => hearSms(form, { ...deps, smsIn, logger: request.log })))
      },
    )
    scope.post(
      '/webhooks/sms/status',
      { schema: { summary: 'What became of an SMS, signed by Twilio' } },
      async (request, reply) => {
        const form = signed(request)
        const status = form.get('MessageStatus') ?? ''
        statuses.inc({ status: STATUSES.includes(status) ? status : 'other' })
        const { thread = '' } = request.query as { thread?: string }
        const about = {
          sid: told(form.get('MessageSid') ?? '', 64),
          status: told(status, 20),
          ...(isThreadId(thread) ? { thread_id: thread } : {}),
        }
        const code = told(form.get('ErrorCode') ?? '', 10)
        if (status === 'failed' || status === 'undelivered') request.log.warn({ ...about, code }, 'sms did not arrive')
        else request.log.debug(about, 'sms status')
        reply.code(204)
      },
    )
    done()
  })
}

/** A message that was taken before is answered with nothing to say. */
const answerOnce = async (hear: () => Promise<string | null>): Promise<string | null> => {
  try {
    return await hear()
  } catch (error) {
    if (error instanceof TakenBefore) return null
    throw error
  }
}

const twiml = (reply: FastifyReply, message: string | null): string => {
  reply.type('text/xml; charset=utf-8').serializer(String)
  return `<?xml version="1.0" encoding="UTF-8"?><Response>${message === null ? '' : `<Message>${message}</Message>`}</Response>`
}
