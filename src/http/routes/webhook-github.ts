import type { IncomingMessage } from 'node:http'
import type { FastifyRequest } from 'fastify'
import type { App, AppDeps } from '../deps.ts'
import { readSigned, type SignedBody } from '../github/body.ts'
import type { Heard } from '../github/heard.ts'
import { hear } from '../github/listeners.ts'
import { Acknowledged } from '../schemas/answers.ts'
import { refused } from '../signatures.ts'

/** GitHub's webhooks: verified on raw bytes, then given to whoever listens for their kind. In a scope of its own, for its own parser. */
export const githubWebhookRoutes = (app: App, deps: AppDeps): void => {
  const { githubWebhookSecret: secret } = deps
  if (secret === null) return

  app.register((scope, _, done) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('application/json', (request: FastifyRequest, body: IncomingMessage) =>
      readSigned(request, body, secret),
    )
    scope.post<{ Body: SignedBody }>(
      '/webhooks/github',
      { schema: { summary: 'GitHub webhooks, signed by GITHUB_WEBHOOK_SECRET', response: { 200: Acknowledged } } },
      async (request) => {
        // A request without a body never came by the parser, and so by no check.
        if (!request.body) throw refused()
        return hear(heardIn(request), deps)
      },
    )
    done()
  })
}

const heardIn = ({ headers, body, log }: FastifyRequest<{ Body: SignedBody }>): Heard => ({
  event: headerText(headers['x-github-event']),
  delivery: headerText(headers['x-github-delivery']),
  ...body,
  log,
})

const headerText = (header: string | string[] | undefined): string => String(header ?? '').slice(0, 100)
