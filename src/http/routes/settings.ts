import formbody from '@fastify/formbody'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import type { Scope } from '../../agent/ports.ts'
import { createChecks } from '../checks.ts'
import type { App, AppDeps } from '../deps.ts'
import { Problem, toProblem } from '../errors.ts'
import { hearWebhooks } from '../heard-webhooks.ts'
import { sendPage } from '../pages/send.ts'
import { settingsPage } from '../pages/settings/settings.ts'
import { CheckForm, PullForm, RevokeForm, TokenForm } from '../schemas/settings.ts'
import { refuseForeignForm, requireViewer, type Viewer } from '../viewer.ts'

type Asking = FastifyRequest<{ Body: { form: string } }>
type Said = { secret?: string; problem?: Problem }
const HERE = '/settings'
const SCOPES: readonly Scope[] = ['read', 'ask', 'approve', 'operate']
const MOST_DAYS = 366

/** What is connected and by which rules this works: for everybody to see. What changes something is for who operates. */
export const settingsRoutes = (app: App, deps: AppDeps): void => {
  const { policy, tokens, parts, pulses, strings, log } = deps
  const webhooks = hearWebhooks(app)
  const checks = createChecks(parts, log.now)

  const show = async ({ viewer }: FastifyRequest, reply: FastifyReply, { secret = '', problem }: Said = {}) => {
    const operates = viewer.scopes.includes('operate')
    const beats = pulses()
    return sendPage(
      reply,
      settingsPage({
        viewer,
        policy,
        parts: parts.map(({ name, what, pulse, check }) => ({
          ...{ name, what, canCheck: check !== null },
          pulse: beats[pulse] ?? null,
          checked: checks.latest(name),
        })),
        operated: operates ? { tokens: await tokens.list(), webhooks: webhooks(), now: await log.now() } : null,
        strings,
        secret: secret === '' ? null : secret,
        ...(problem ? { problem } : {}),
      }),
    )
  }

  app.get(HERE, { schema: { hide: true }, preHandler: requireViewer(deps, 'read') }, (request, reply) =>
    show(request, reply),
  )

  /** Does it and shows the page: with what it gave, or with why it may not be. */
  const handle = async (request: Asking, reply: FastifyReply, act: () => Promise<string | null>) => {
    refuseForeignForm(request, request.body.form, deps)
    try {
      const secret = await act()
      return secret === null ? reply.redirect(HERE, 303) : show(request, reply, { secret })
    } catch (error) {
      const problem = toProblem(error)
      if (problem.status >= 500) throw error
      return show(request, reply.code(problem.status), { problem })
    }
  }
  forms(app, deps, { handle, check: checks.all })
}

interface Handling {
  handle: (request: Asking, reply: FastifyReply, act: () => Promise<string | null>) => Promise<FastifyReply>
  check: () => Promise<void>
}

const forms = (app: App, deps: AppDeps, { handle, check }: Handling): void => {
  const { tokens, strings } = deps
  app.register((plain, _, done) => {
    const scope = plain as App
    scope.register(formbody)
    const operating = { preHandler: requireViewer(deps, 'operate') }
    const about = <Body>(body: Body) => ({ hide: true, body })

    scope.post(`${HERE}/checks`, { ...operating, schema: about(CheckForm) }, (request, reply) =>
      handle(request, reply, async () => {
        await check()
        return null
      }),
    )
    scope.post(`${HERE}/tokens`, { ...operating, schema: about(TokenForm) }, (request, reply) =>
      handle(request, reply, async () => (await tokens.create(wishedBy(request.viewer, request.body))).secret),
    )
    scope.post(`${HERE}/tokens/revocations`, { ...operating, schema: about(RevokeForm) }, (request, reply) =>
      handle(request, reply, async () => {
        if (!(await tokens.revoke(request.body.id)))
          throw new Problem(409, 'not_live', 'there is no live token of that id')
        return null
      }),
    )
    if (strings) {
      scope.post(`${HERE}/sandbox`, { ...operating, schema: about(PullForm) }, (request, reply) =>
        handle(request, reply, async () => {
          const { pull } = request.body
          const known = strings.pulls.some(({ name }) => name === pull)
          if (!known) throw new Problem(422, 'unknown_string', 'the sandbox has no such string')
          await strings.pull(pull)
          return null
        }),
      )
    }
    done()
  })
}

/** Nobody makes a token that may more than they do, or that acts as somebody else. */
const wishedBy = ({ person, scopes: own }: Viewer, { name, days, bound, ...body }: Static<typeof TokenForm>) => {
  const scopes = SCOPES.filter((scope) => body[scope] === 'yes')
  const expires_in_days = Number(days)
  const more = scopes.find((scope) => !own.includes(scope))
  if (scopes.length === 0) throw new Problem(422, 'no_scope', 'say what it may do')
  if (more) throw new Problem(403, 'missing_scope', `you may not ${more} yourself`)
  if (bound && person === null) throw new Problem(422, 'not_a_person', 'you are nobody whom it could act as')
  if (scopes.includes('approve') && !bound)
    throw new Problem(422, 'not_a_person', 'only what acts as a person may approve')
  if (expires_in_days > MOST_DAYS) throw new Problem(422, 'bad_expiry', `a token lasts for ${MOST_DAYS} days at most`)
  return { name, scopes, person: bound ? person : null, expires_in_days }
}
