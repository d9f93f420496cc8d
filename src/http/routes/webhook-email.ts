import type { IncomingMessage } from 'node:http'
import type { FastifyRequest } from 'fastify'
import type { App, AppDeps } from '../deps.ts'
import { readSignedMail } from '../email/body.ts'
import { hearMail } from '../email/hear.ts'
import { parseMail } from '../email/mail.ts'
import { ignored } from '../github/heard.ts'
import { Acknowledged } from '../schemas/answers.ts'
import { refused } from '../signatures.ts'

interface Signed {
  raw: Buffer | null
}

/** Mail that came in, passed on by whoever takes it in: raw MIME, or JSON with it, signed as Standard Webhooks. */
export const emailWebhookRoutes = (app: App, { mailIn, ...deps }: AppDeps): void => {
  if (!mailIn) return

  app.register((scope, _, done) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser(
      ['message/rfc822', 'application/json'],
      async (request: FastifyRequest, body: IncomingMessage): Promise<Signed> => ({
        raw: await readSignedMail(request, body, mailIn.secret),
      }),
    )
    scope.post<{ Body: Signed }>(
      '/webhooks/email',
      { schema: { summary: 'Mail that came in, signed by EMAIL_WEBHOOK_SECRET', response: { 200: Acknowledged } } },
      async ({ body, log }) => {
        // A request without a body never came by the parser, and so by no check.
        if (!body) throw refused()
        if (body.raw === null) return ignored('too long for JSON; send it as message/rfc822')
        return hearMail(await parseMail(body.raw), { ...deps, mailIn, logger: log })
      },
    )
    done()
  })
}
