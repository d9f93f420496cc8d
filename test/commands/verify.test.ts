import { afterAll, beforeAll, expect, test } from 'vitest'
import { commandOn } from '../support/command.ts'
import { query } from '../support/postgres.ts'
import { startTestService, type TestService } from '../support/service.ts'

let bot: TestService
let verify: ReturnType<typeof commandOn>
let id: string

beforeAll(async () => {
  bot = await startTestService({}, afterAll)
  verify = commandOn(bot, 'verify.ts')
  id = await bot.launch('deploy 4af9ec0 to production')
  const { seq } = await bot.untilAsked(id, 'approval')
  await bot.respond(id, seq, { approved: false, comment: 'can you deploy the backend first?' })
  const again = await bot.untilAsked(id, 'approval', seq)
  await bot.post(`/threads/${id}/messages`, { message: 'use v1.2.2 instead' })
  const third = await bot.untilAsked(id, 'approval', again.seq)
  await bot.respond(id, third.seq, { args: { tag: 'v1.2.3' } })
  await bot.untilAsked(id, 'approval', third.seq)
})

test('all that a service stored and sent comes out again, byte for byte', async () => {
  const { out, err, code } = await verify(['--prompts-since', '2020-01-01'])
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).toMatch(/^1 threads, \d+ events: 0 differences\n3 prompts come out byte for byte as they were sent; 0 /)
})

test('prompts of other rules are counted, and wrong only where they must come out', async () => {
  const { connection } = bot.database
  const change = `update events set actor = jsonb_set(actor, '{prompt_hash}', '"f00"') where seq = (select min(seq) from events where actor->>'kind' = 'model')`
  await query(connection, change)
  expect(await verify([])).toMatchObject({ code: 0, out: expect.stringContaining('; 1 were rendered by other code') })
  const strict = await verify(['--prompts-since', '2020-01-01'])
  expect(strict).toMatchObject({ code: 1, out: expect.stringContaining('decided on the prompt f00, which does not') })
})

test('a row that is not the fold of its log, and a log that cannot be read, are found', async () => {
  const { connection } = bot.database
  await query(connection, `update threads set status = 'done', title = 'forged'`)
  const { code, out } = await verify([])
  expect(code).toBe(1)
  expect(out).toContain(`${id} title is "forged", and folds to "deploy 4af9ec0 to production"`)
  expect(out).toContain(`${id} status is "done", and folds to "awaiting_approval"`)
  await query(connection, `update events set data = '{}' where seq = 2`)
  expect((await verify([])).out).toContain(`${id} cannot be read: `)
})
