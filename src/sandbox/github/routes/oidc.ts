import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { query, refuse } from '../answers.ts'
import { jobClaims } from '../job-claims.ts'
import { defects } from '../oidc.ts'
import { owner, type World } from '../world.ts'

const NewToken = Type.Object({
  audience: Type.String({ minLength: 1 }),
  run_id: Type.Optional(Type.Integer()),
  environment: Type.Optional(Type.String()),
  claims: Type.Optional(Type.Record(Type.String(), Type.Union([Type.String(), Type.Integer()]))),
  defect: Type.Optional(Type.Union(defects.map((defect) => Type.Literal(defect)))),
})

/** The tokens of jobs: the issuer's public part, what a job asks, and a token of whatever kind a test needs. */
export const oidcRoutes = (app: FastifyInstance, world: World): void => {
  const runOf = (id: number | undefined) => world.state.runs.find((run) => run.id === id)
  app.get('/.well-known/openid-configuration', () => discovery(world))
  app.get('/.well-known/jwks', () => world.issuer.jwks())

  app.post<{ Body: Static<typeof NewToken> }>('/_sandbox/oidc', { schema: { body: NewToken } }, ({ body }, reply) => {
    const { audience, run_id, environment, claims = {}, defect } = body
    const run = runOf(run_id)
    if (run_id !== undefined && !run) return refuse(reply, 422, `No run ${run_id}`)
    const told = { ...jobClaims(world, audience, run, environment), ...claims }
    return { value: world.issuer.sign(told, defect) }
  })

  // What ACTIONS_ID_TOKEN_REQUEST_URL names in a job. The bearer `run:<id>` makes it that run's.
  app.get('/_sandbox/token', (request, reply) => {
    const [, bearer] = /^bearer (\S+)$/i.exec(request.headers.authorization ?? '') ?? []
    if (!bearer) return refuse(reply, 401, 'Requires authentication')
    const audience = query(request, 'audience') || `${world.url}/${owner}`
    const run = runOf(Number(/^run:(\d+)$/.exec(bearer)?.[1]))
    const value = world.issuer.sign(jobClaims(world, audience, run))
    return { count: value.length, value }
  })
}

const discovery = (world: World) => ({
  issuer: world.url,
  jwks_uri: `${world.url}/.well-known/jwks`,
  subject_types_supported: ['public', 'pairwise'],
  response_types_supported: ['id_token'],
  claims_supported: Object.keys(jobClaims(world, 'x', undefined, 'x')),
  id_token_signing_alg_values_supported: ['RS256'],
  scopes_supported: ['openid'],
})
