import { Client } from 'pg'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startTestService, type TestService, types } from '../support/service.ts'

/** The replica of a newer version, over the same database. */
const newerBeside = async (bot: TestService) => {
  const client = new Client(bot.database.connection)
  await client.connect()
  onTestFinished(() => client.end())
  return {
    /** Appends as that version would, and makes the thread due. */
    append: async (id: string, seq: number, type: string, data: object, version: number) => {
      await client.query(
        `with appended as (
          insert into events (thread_id, seq, type, data, actor, at, schema_version)
          values ($1, $2, $3, $4, '{"kind": "person", "id": "lead"}', clock_timestamp(), $5))
        update threads set wake_at = clock_timestamp() where id = $1`,
        [id, seq, type, JSON.stringify(data), version],
      )
    },
    log: async (id: string) =>
      (await client.query('select seq, type, schema_version from events where thread_id = $1 order by seq', [id])).rows,
  }
}

const dispatchesOf = async (bot: TestService, id: string): Promise<number> => {
  const runs = await fetch(`${bot.github()}/repos/acme/shop/actions/runs`, { headers: { authorization: 'token x' } })
  const { workflow_runs } = (await runs.json()) as { workflow_runs: { display_title: string }[] }
  return workflow_runs.filter(({ display_title }) => display_title.includes(id)).length
}

describe('beside a replica of a newer version', () => {
  // The first would be a full approval, were it read as what it was in this version.
  test.each<[string, (asked: { seq: number; args_hash: string }) => [string, object, number]]>([
    [
      'a shape that this one does not know',
      ({ seq, args_hash }) => ['approval_given', { to: seq, args_hash, only_after: '2999-01-01' }, 2],
    ],
    ['a type that this one does not know', ({ seq }) => ['approval_delegated', { to: seq, by: 'lead' }, 1]],
  ])('%s: its thread is left alone, and all others go on', async (_, written) => {
    const bot = await startTestService()
    const newer = await newerBeside(bot)
    const id = await bot.launch('deploy backend v1.2.3 to production')
    const asked = await bot.untilAsked(id, 'approval')
    const [type, data, version] = written(asked)
    await newer.append(id, asked.seq + 1, type, data, version)
    const before = await newer.log(id)

    const other = await bot.launch('deploy frontend v1.2.3 to production')
    const { seq } = await bot.untilAsked(other, 'approval')
    await bot.respond(other, seq, { approved: true })
    expect(types(await bot.untilStatus(other, 'done'))).toContain('deploy_frontend_result')
    expect((await bot.respond(id, asked.seq, { approved: true })).status).toBe(503)
    expect((await bot.post(`/threads/${id}/messages`, { message: 'go on' })).status).toBe(503)

    expect(await newer.log(id)).toEqual(before)
    expect(await dispatchesOf(bot, id)).toBe(0)
    expect(await dispatchesOf(bot, other)).toBe(1)
  })
})
