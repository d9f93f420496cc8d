import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { query } from '../support/postgres.ts'
import { startTestService } from '../support/service.ts'

test('a thread whose log cannot be read is set aside, by itself, and goes on when released after a repair', async () => {
  const bot = await startTestService()
  const id = await bot.launch('deploy backend v1.2.3 to production')
  const other = await bot.launch('deploy frontend v1.2.3 to production')
  const { seq } = await bot.untilAsked(id, 'approval')
  const asked = await bot.untilAsked(other, 'approval')
  const sql = (text: string) => query(bot.database.connection, text)
  await sql(`insert into events (thread_id, seq, type, data, actor, at)
    values ('${id}', ${seq + 1}, 'approval_given', '{"to":1}', '{"kind":"code"}', now())`)
  await sql(`update threads set wake_at = now() where id = '${id}'`)
  await until(
    async () => (await sql(`select quarantine_reason from threads where id = '${id}'`))[0]?.['quarantine_reason'],
  )
  expect(await bot.call(`/threads/${id}`)).toMatchObject({ status: 409, body: { code: 'thread_quarantined' } })
  await bot.respond(other, asked.seq, { approved: true })
  await bot.untilStatus(other, 'done')

  await sql(`delete from events where thread_id = '${id}' and seq = ${seq + 1}`)
  await sql(`update threads set quarantined_at = null, wake_at = now() where id = '${id}'`)
  await bot.respond(id, seq, { approved: true })
  await bot.untilStatus(id, 'done')
})

const until = async (holds: () => Promise<unknown>): Promise<void> => {
  for (let i = 0; i < 200 && !(await holds()); i++) await sleep(25)
}
