import { Value } from 'typebox/value'
import type { TakenOnce } from '../../agent/ports.ts'
import { Refused } from '../../thread/input.ts'
import type { App, AppDeps } from '../deps.ts'
import { hearMail } from '../email/hear.ts'
import { type Mail, mailTold, parseMail } from '../email/mail.ts'
import { Problem } from '../errors.ts'
import { type Meaning, meaningOf } from '../human.ts'
import { sha256 } from '../once.ts'
import { Acknowledged } from '../schemas/answers.ts'
import { type Mail as EmailReceived, HumanEnvelope } from '../schemas/human.ts'
import { verifyStandard } from '../signatures.ts'
import { refuseNoId } from '../threads.ts'

/** Answers and requests that come through another service, in the HumanLayer form, signed as Standard Webhooks. */
export const humanWebhookRoutes = (app: App, deps: AppDeps): void => {
  const { humanWebhookSecrets, mailIn } = deps
  if (humanWebhookSecrets.length === 0) return

  app.post(
    '/webhooks/human',
    { schema: { summary: 'HumanLayer callbacks, signed by HUMAN_WEBHOOK_SECRET', response: { 200: Acknowledged } } },
    async (request) => {
      const body = request.rawBody ?? Buffer.alloc(0)
      const { id } = verifyStandard(body, request.headers, humanWebhookSecrets)
      if (!Value.Check(HumanEnvelope, request.body)) {
        throw new Problem(422, 'unknown_payload', 'this is none of the envelopes that we know')
      }
      if (request.body.is_test) return { ok: true, ignored: 'a test' }
      if (request.body.type === 'agent_email.received' && mailIn) {
        return hearMail(await mailOf(request.body.event), { ...deps, mailIn, logger: request.log })
      }
      const meaning = meaningOf(request.body, deps)
      if (meaning.do === 'ignore') return { ok: true, ignored: meaning.why }
      const answer = () => ({ status: 200, body: { ok: true } })
      await act(meaning, { source: 'human', id, body_hash: sha256(body), answer }, deps)
      return { ok: true }
    },
  )
}

const act = async (meaning: Exclude<Meaning, { do: 'ignore' }>, once: TakenOnce, deps: AppDeps): Promise<void> => {
  switch (meaning.do) {
    case 'answer':
    case 'speak':
      refuseNoId(meaning.thread)
      await deps.door.handle(meaning.thread, meaning.request, once)
      return
    case 'go on':
      if (await goesOn(meaning, once, deps)) return
      await deps.door.launch(meaning.launch, once)
      return
    case 'launch':
      await deps.door.launch(meaning.launch, once)
  }
}

/** Words where a thread talks are for that thread, unless it has ended. */
const goesOn = async (
  { at, launch: { message, actor } }: Extract<Meaning, { do: 'go on' }>,
  once: TakenOnce,
  { door, listing }: AppDeps,
): Promise<boolean> => {
  const thread = await listing.threadAt(at)
  if (thread === null) return false
  try {
    await door.handle(thread, { type: 'message', message, actor }, once)
    return true
  } catch (error) {
    if (error instanceof Refused && error.code === 'thread_ended') return false
    throw error
  }
}
/** The mail itself where it is passed on: only that says what it replies to. */
const mailOf = async ({
  raw_email,
  from_address,
  subject,
  body,
  message_id = null,
}: EmailReceived): Promise<Mail | null> =>
  raw_email ? parseMail(raw_email) : mailTold({ from: from_address, subject: subject ?? '', text: body, message_id })
