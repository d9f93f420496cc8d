import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Replay } from '../../src/commands/replay/model.ts'
import type { PolicyReplay } from '../../src/commands/replay/policy.ts'
import { startSandboxModel } from '../../src/sandbox/model/server.ts'
import { openDatabase } from '../../src/store/store.ts'
import { commandOn } from '../support/command.ts'
import { startTestService, type TestService } from '../support/service.ts'

const ROOT = join(import.meta.dirname, '../..')
let bot: TestService
let directory: string
let replay: ReturnType<typeof commandOn>
const at = (name: string): string => join(directory, name)
const json = async <T>(): Promise<T> => JSON.parse(await readFile(at('out.json'), 'utf8'))

/** One thread in which people rejected one proposal with words, approved two, and edited none. */
beforeAll(async () => {
  bot = await startTestService({}, afterAll)
  directory = await mkdtemp(join(tmpdir(), 'deploybot-replay-'))
  afterAll(() => rm(directory, { recursive: true }))
  replay = commandOn(bot, 'replay.ts')
  const id = await bot.launch('deploy 4af9ec0 to production')
  const first = await bot.untilAsked(id, 'approval')
  await bot.respond(id, first.seq, { approved: false, comment: 'can you deploy the backend first?' })
  const second = await bot.untilAsked(id, 'approval', first.seq)
  await bot.respond(id, second.seq, { approved: true })
  const third = await bot.untilAsked(id, 'approval', second.seq)
  await bot.respond(id, third.seq, { approved: true })
  await bot.untilStatus(id, 'done')
})

describe('a past that is asked again', () => {
  test('of the same model with the same prompt decides the same, and does nothing', async () => {
    const before = await rows()
    const { code, out, err } = await replay(['--json', at('out.json')])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toContain('0 of 4 decisions would change.\nAgreement with people: before 2 of 3, after 2 of 3.')
    expect((await json<Replay>()).calls).toHaveLength(4)
    expect(await rows()).toEqual(before)
  })

  test('with another prompt shows side by side what would change, and what people had said', async () => {
    const own = await readFile(join(ROOT, 'baml_src/determine_next_step.baml'), 'utf8')
    const other = own.replace('You are Deploybot.', "You are Deploybot's rollback agent.\n    ")
    await writeFile(at('determine_next_step.baml'), other)
    const files = ['--json', at('out.json'), '--html', at('out.html')]
    const { out } = await replay(['--prompt', at('determine_next_step.baml'), ...files])
    expect(out).toMatch(/[34] of 4 decisions would change/)
    expect(out).toContain('Agreement with people: before 2 of 3, after 1 of 3.')
    expect(out).toMatch(/BEFORE +AFTER +PEOPLE\n/)
    expect(out).toMatch(/deploy_backend 4af9ec0 production +request_more_information .* approved by local \(worse\)/)
    expect(out).toMatch(/deploy_frontend 4af9ec0 production .* rejected by local: can you deploy the .* \(better\)/)
    expect((await json<Replay>()).agreement).toEqual({ of: 3, before: 2, after: 1 })
    expect(await readFile(at('out.html'), 'utf8')).toMatch(
      /agreed with people before<\/dt><dd>2 of 3<[\s\S]*approved by local/,
    )
  })

  test('with another model asks that one, as often as it is allowed', async () => {
    const model = await startSandboxModel()
    model.queue({ content: '{"intent":"done_for_now","message":"Nothing."}' }, { status: 503, body: '{}' })
    const args = ['--provider', 'openai-generic', '--model', 'new', '--limit', '2', '--concurrency', '1']
    const { out } = await replay(args, { LLM_BASE_URL: model.url })
    await model.close()
    expect(out).toContain('asking openai-generic, new\n1 of 1 decisions would change; 2 calls were left out (--limit).')
    expect(out).toContain('1 calls got no answer')
    expect(model.requests()).toHaveLength(2)
  })

  test.each([
    ['that does not compile', 'determine_next_step.baml', 'function {', /determine_next_step\.baml:1/],
    ['that has no place here', 'nonsense.baml', '', /nonsense\.baml is the name of no file in baml_src/],
  ])('with a prompt %s is refused before anything is asked', async (_, name, text, why) => {
    await writeFile(at(name), text)
    expect(await replay(['--prompt', at(name)])).toMatchObject({ code: 1, err: expect.stringMatching(why) })
  })
})

describe('other rules', () => {
  const rulesWith = async (production: string): Promise<string> => {
    const own = await readFile(join(ROOT, 'deploybot.yaml'), 'utf8')
    await writeFile(at('rules.yaml'), own.replace(/^ {2}production: .*$/m, `  production: ${production}`))
    return at('rules.yaml')
  }

  test('say which deployments they would have blocked, and why', async () => {
    const file = await rulesWith('{ approvals: 2, approvers: [lead, oncall, local], after: staging }')
    const { out, code } = await replay(['--policy', file, '--json', at('out.json'), '--html', at('out.html')])
    expect(code).toBe(0)
    expect(out).toContain('These rules would have blocked 2 of the last 2 deployments.')
    expect(out).toMatch(/deploy_backend backend 4af9ec0 production +needs 2 approvals, and of those given \(local\) 0/)
    expect(await json<PolicyReplay>()).toMatchObject({ deployments: 2, blocked: [{ service: 'frontend' }, {}] })
    expect(await readFile(at('out.html'), 'utf8')).toContain('2 of the last 2')
  })

  test('that would have let all through say so', async () => {
    const file = await rulesWith('{ approvals: 0 }')
    expect((await replay(['--policy', file])).out).toContain('would have blocked 0 of the last 2 deployments.')
  })

  test('that cannot be read are refused with the line', async () => {
    await writeFile(at('bad.yaml'), 'repository: 7\n')
    expect(await replay(['--policy', at('bad.yaml')])).toMatchObject({
      code: 1,
      err: expect.stringContaining('bad.yaml:1'),
    })
  })
})

test('what cannot be meant is refused', async () => {
  const wishes = [
    ['--since', 'yesterday'],
    ['--limit', '0'],
    ['--policy', 'deploybot.yaml', '--model', 'x'],
  ]
  const said = await Promise.all(wishes.map((args) => replay(args)))
  expect(said.map(({ code, err }) => [code, err.split('\n', 1)[0]])).toEqual([
    [1, '--since must be such as 30d, 12h or 2026-11-01'],
    [1, '--limit must be a whole number above 0'],
    [1, '--policy asks no model: try one thing after the other'],
  ])
})

test('what is older than asked for is left out', async () =>
  expect((await replay(['--since', '2099-01-01'])).out).toContain('0 threads since 2099-01-01'))

const rows = async () => {
  const { pool, close } = await openDatabase({ connection: bot.database.connection })
  const { rows } = await pool.query(
    'select (select count(*) from events) as events, (select count(*) from threads) as threads',
  )
  await close()
  return rows
}
