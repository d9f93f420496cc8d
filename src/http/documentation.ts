import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { App } from './deps.ts'

const ABOUT = `A team asks in plain words, a person approves the facts, plain code dispatches a GitHub Actions workflow exactly once.
Every thread is an append-only list of events. Errors are problem+json (RFC 9457) with a stable \`code\`.`

/** /openapi.json out of the routes' own schemas, and a page to read it at /docs. Assets are local. */
export const documentation = async (app: App): Promise<void> => {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Deploybot', version: '1', description: ABOUT },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      security: [{ token: [] }, {}],
    },
  })
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    uiConfig: { docExpansion: 'list', defaultModelsExpandDepth: -1, validatorUrl: null },
    staticCSP: true,
    theme: { title: 'Deploybot API' },
  })
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger())
}
