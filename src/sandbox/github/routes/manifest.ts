import { generateKeyPairSync, randomBytes } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { notFound, param, query, refuse } from '../answers.ts'
import { integration } from '../shapes.ts'
import { owner, type World } from '../world.ts'

/** Making an App from a manifest: the page that a form is sent to, which sends back with a code, and the code's one change into secrets. */
export const manifestRoutes = (app: FastifyInstance, world: World): void => {
  const names = new Map<string, string>()
  const used = new Set<string>()
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
    done(null, Object.fromEntries(new URLSearchParams(body.toString()))),
  )
  const create = (request: FastifyRequest, reply: FastifyReply) => {
    const manifest = manifestIn(request.body)
    if (!manifest) return refuse(reply, 422, 'Error: the manifest has no redirect_url')
    const code = randomBytes(20).toString('hex')
    names.set(code, manifest.name)
    const back = new URL(manifest.redirect_url)
    back.searchParams.set('code', code)
    const state = query(request, 'state')
    if (state !== undefined) back.searchParams.set('state', state)
    return reply.redirect(back.href, 302)
  }
  // GitHub shows a page here that asks for a name, and goes on when the person agrees. Here everybody agrees.
  for (const path of ['/settings/apps/new', `/organizations/${owner}/settings/apps/new`]) app.post(path, create)

  app.post('/app-manifests/:code/conversions', (request, reply) => {
    const code = param(request, 'code')
    if (used.has(code)) return notFound(reply)
    used.add(code)
    reply.code(201)
    return { ...integration(world), ...named(world, names.get(code)), ...secrets() }
  })
}

const manifestIn = (body: unknown): { name: string; redirect_url: string } | undefined => {
  const { manifest } = (body ?? {}) as { manifest?: string }
  try {
    const { name, redirect_url } = JSON.parse(manifest ?? '')
    return URL.canParse(redirect_url) ? { name: String(name ?? 'Deploybot'), redirect_url } : undefined
  } catch {
    return undefined
  }
}

const named = (world: World, name = 'Deploybot') => {
  const slug = name.toLowerCase().replace(/[^a-z0-9]+/g, '-')
  return { name, slug, html_url: `${world.url}/apps/${slug}` }
}

const secrets = () => ({
  client_secret: randomBytes(20).toString('hex'),
  webhook_secret: randomBytes(20).toString('hex'),
  pem: generateKeyPairSync('rsa', { modulusLength: 2048 })
    .privateKey.export({ type: 'pkcs1', format: 'pem' })
    .toString(),
})
