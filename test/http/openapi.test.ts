import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestService, type TestService } from '../support/service.ts'

let bot: TestService
beforeAll(async () => {
  bot = await startTestService({}, afterAll)
})

test('/openapi.json is valid OpenAPI 3.1 and names every route', async () => {
  const { body } = await bot.call('/openapi.json')
  expect(body.openapi).toBe('3.1.0')
  expect(await new Validator().validate(body)).toMatchObject({ valid: true })
  expect(Object.keys(body.paths).sort()).toEqual([
    '/dispatches/{id}/claim',
    '/locks',
    '/mcp',
    '/threads',
    '/threads/{id}',
    '/threads/{id}/cancel',
    '/threads/{id}/events',
    '/threads/{id}/fork',
    '/threads/{id}/messages',
    '/threads/{id}/prompt',
    '/threads/{id}/responses',
    '/threads/{id}/restart',
    '/threads/{id}/unlock',
    '/webhooks/github',
  ])
})

test('/docs is a page whose parts all come from here', async () => {
  const answer = await fetch(`${bot.url()}/docs/`)
  const html = await answer.text()
  expect(answer.status).toBe(200)
  expect(html).toContain('swagger-ui')
  expect(html).not.toMatch(/(src|href)="(https?:)?\/\//)
  for (const [, path] of html.matchAll(/(?:src|href)="(\/docs\/[^"]+)"/g)) {
    expect((await fetch(`${bot.url()}${path}`)).status).toBe(200)
  }
})
