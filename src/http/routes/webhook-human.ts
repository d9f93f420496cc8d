import { Value } from 'typebox/value'
import type { TakenOnce } from '../../agent/ports.ts'
import type { App, AppDeps } from '../deps.ts'
import { hearMail } from '../email/hear.ts'
import { type Mail, mailTold, parseMail } from '../email/mail.ts'
import { Problem } from '../errors.ts'
import { meaningOf } from '../human.ts'
import { sha256 } from '../once.ts'
import { Acknowledged } from '../schemas/answers.ts'
import { type EmailReceived, HumanEnvelope } from '../schemas/human.ts'
import { verifyStandard } from '../signatures.ts'
import { refuseNoId } from '../threads.ts'

/** Answers and requests that come through another service, in the HumanLayer form, signed as Standard Webhooks. */
export const humanWebhookRoutes = (app: App, deps: AppDeps): void => {
  const { humanWebhookSecret, door, policy, mailIn } = deps
  if (humanWebhookSecret === null) return

  app.post(
    '/webhooks/human',
    { schema: { summary: 'HumanLayer callbacks, signed by HUMAN_WEBHOOK_SECRET', response: { 200: Acknowledged } } },
    async (request) => {
      const body = request.rawBody ?? Buffer.alloc(0)
      const { id } = verifyStandard(body, request.headers, humanWebhookSecret)
      if (!Value.Check(HumanEnvelope, request.body)) {
        throw new Problem(422, 'unknown_payload', 'this is none of the envelopes that we know')
      }
      if (request.body.is_test) return { ok: true, ignored: 'a test' }
      if (request.body.type === 'agent_email.received' && mailIn) {
        return hearMail(await mailOf(request.body.event), { ...deps, mailIn, logger: request.log })
      }
      const { to, request: asked } = meaningOf(request.body, policy)
      const once: TakenOnce = {
        source: 'human',
        id,
        body_hash: sha256(body),
        answer: () => ({ status: 200, body: { ok: true } }),
      }
      if (asked.type === 'launch') {
        await door.launch(asked, once)
      } else {
        refuseNoId(to)
        await door.handle(to, asked, once)
      }
      return { ok: true }
    },
  )
}

/** The mail itself where it is passed on: only that says what it replies to. */
const mailOf = async ({
  raw_email,
  from_address,
  subject,
  body,
  message_id = null,
}: EmailReceived): Promise<Mail | null> =>
  raw_email ? parseMail(raw_email) : mailTold({ from: from_address, subject, text: body, message_id })
