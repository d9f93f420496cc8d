import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Client } from 'pg'
import { describe, expect, onTestFinished, test } from 'vitest'
import { freePort } from '../support/free-port.ts'
import { spawnService } from '../support/process.ts'
import { processSettings, temporaryDirectory } from '../support/process-settings.ts'
import { createApi } from '../support/service.ts'

const ROOT = join(import.meta.dirname, '../..')

describe('killed with -9', () => {
  test('while an approval waits and while a run is under way, it goes on, and dispatches once', async () => {
    const env = await processSettings()
    const bot = createApi(() => `http://127.0.0.1:${env['PORT']}`)
    const first = await spawnService(env)
    const id = await bot.launch('deploy backend v1.2.3 to production')
    const { seq } = await bot.untilAsked(id, 'approval')
    await first.kill()
    const second = await spawnService(env)
    await bot.respond(id, seq, { approved: true })
    await bot.untilEvent(id, 'dispatch_accepted')
    await second.kill()
    const third = await spawnService(env)
    const done = await bot.untilStatus(id, 'done')
    expect(done.events.filter(({ type }) => type === 'tool_started')).toHaveLength(1)
    const github = /http:\/\/127\.0\.0\.1:\d+ \(acme/.exec(third.output())?.[0].split(' ')[0]
    const runs = await fetch(`${github}/repos/acme/shop/actions/runs`, { headers: { authorization: 'token x' } })
    const { workflow_runs } = (await runs.json()) as { workflow_runs: { display_title: string }[] }
    expect(workflow_runs.filter(({ display_title }) => display_title.includes(id))).toHaveLength(1)
  })
})

describe('told to stop', () => {
  test('it ends within seconds, with 0', async () => {
    const service = await spawnService(await processSettings())
    const began = performance.now()
    expect(await service.terminate()).toBe(0)
    expect(performance.now() - began).toBeLessThan(5_000)
  })
})

describe('what cannot start says so in one line and ends with 1', () => {
  const output = async (env: Record<string, string>): Promise<string> => {
    const service = await spawnService(env)
    expect(await service.ended).toBe(1)
    return service.output().replace('deploybot cannot start:\n', '').trim()
  }

  test('a port in use', async () => {
    const env = await processSettings()
    const taken = createServer().listen(Number(env['PORT']), '127.0.0.1')
    onTestFinished(() => void taken.close())
    expect(await output(env)).toBe(`port ${env['PORT']} is in use: stop what listens there, or set PORT`)
  })

  test('an unreachable database', async () => {
    const env = { ...(await processSettings()), DATABASE_URL: 'postgresql://nobody:s3cret@127.0.0.1:9/none' }
    const said = await output(env)
    expect(said).toMatch(/^database: connect ECONNREFUSED 127\.0\.0\.1:9/)
    expect(said).not.toContain('s3cret')
    expect(said.split('\n')).toHaveLength(1)
  })

  test('a database that a newer version has migrated', async () => {
    const env = await processSettings()
    const client = new Client({ connectionString: env['DATABASE_URL'] })
    await client.connect()
    await client.query(`insert into migrations (name, run_on) values ('9999_later', now())`)
    await client.end()
    expect(await output(env)).toBe('the database has been migrated by a newer version (9999_later); start that one')
  })

  test('a data directory that cannot be written', async () => {
    const file = join(await temporaryDirectory(), 'file')
    await writeFile(file, '')
    const { DATABASE_URL: _, ...env } = await processSettings()
    expect(await output({ ...env, DEPLOYBOT_DATA: join(file, 'data') })).toMatch(
      /^embedded Postgres: .* cannot be written \(ENOTDIR\); set DEPLOYBOT_DATA$/,
    )
  })

  test('a bad setting', async () =>
    expect(await output({ PORT: 'eighty' })).toBe('PORT: "eighty" must be a whole number from 0 to 65535'))
})

test('the demo starts a service of its own, plays the conversation and ends with 0', { timeout: 60_000 }, async () => {
  const { PATH, NODE_COMPILE_CACHE } = process.env
  const env = { PATH, NODE_COMPILE_CACHE, PORT: String(await freePort()), NO_COLOR: '1' }
  const { stdout } = await promisify(execFile)(process.execPath, ['src/commands/demo.ts', '--fast'], { env, cwd: ROOT })
  const told = stdout.split('\n').filter((line) => /^(person|model) /.test(line))
  expect(told.map((line) => line.replace(/\(http\S+\)/g, '(run)'))).toEqual([
    'person     “deploy 4af9ec0 to production”',
    'model      selects deploy_frontend tag=4af9ec0 environment=production',
    'person     rejects: “can you deploy the backend first?”',
    'model      selects deploy_backend tag=4af9ec0 environment=production',
    'person     approves',
    'model      selects deploy_frontend tag=4af9ec0 environment=production',
    'person     approves',
    'model      done: backend 4af9ec0 is live on production (run); frontend 4af9ec0 is live on production (run).',
  ])
})
