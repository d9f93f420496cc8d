import type { FastifyBaseLogger, FastifyReply, FastifyRequest } from 'fastify'
import { TakenBefore } from '../../agent/ports.ts'
import type { App, AppDeps } from '../deps.ts'
import { refused } from '../signatures.ts'
import { readEvent, readForm, SLACK_BODY_BYTES } from '../slack/body.ts'
import { hearCommand } from '../slack/commands.ts'
import { hearEvent } from '../slack/events.ts'
import type { Hearing } from '../slack/heard.ts'
import { hearInteraction } from '../slack/interactions.ts'
import { takenSoon } from '../slack/soon.ts'

/** What people say and click in Slack: verified on raw bytes. In a scope of its own, for its own parsers. */
export const slackWebhookRoutes = (app: App, deps: AppDeps): void => {
  const { slack } = deps
  if (slack === null) return
  const hearing = (logger: FastifyBaseLogger): Hearing => ({ ...deps, slack, logger })

  app.register((scope, _, done) => {
    const options = { parseAs: 'buffer', bodyLimit: SLACK_BODY_BYTES } as const
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('application/json', options, readEvent(slack.signingSecret))
    scope.addContentTypeParser('application/x-www-form-urlencoded', options, readForm(slack.signingSecret))

    scope.post('/webhooks/slack/events', about('What is said in Slack'), async (request) => {
      try {
        return await takenSoon(hearEvent(bodyOf(request), hearing(request.log)))
      } catch (error) {
        if (error instanceof TakenBefore) return { ok: true, ignored: 'taken before' }
        throw error
      }
    })

    scope.post('/webhooks/slack/interactions', about('What is clicked in Slack'), async (request, reply) =>
      answer(reply, await hearInteraction(bodyOf(request), hearing(request.log))),
    )

    scope.post('/webhooks/slack/commands', about('/deploybot in Slack'), async (request, reply) => {
      await hearCommand(bodyOf(request), hearing(request.log))
      return answer(reply, null)
    })
    done()
  })
}

const about = (what: string) => ({ schema: { summary: `${what}, signed by SLACK_SIGNING_SECRET` } })

/** A request without a body never came by a parser, and so by no check. */
const bodyOf = ({ body }: FastifyRequest): unknown => {
  if (!body) throw refused()
  return body
}

/** Slack takes any words in an answer for a message: where there is nothing to say it is empty. */
const answer = (reply: FastifyReply, body: object | null): object | FastifyReply => body ?? reply.send()
