import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDatabase } from '../../src/store/store.ts'
import { commandOn } from '../support/command.ts'
import { startTestService, type TestService } from '../support/service.ts'

let bot: TestService
let threads: ReturnType<typeof threadsOn>

const threadsOn = (on: TestService) => {
  const command = commandOn(on, 'threads.ts')
  return (...args: string[]) => command(args)
}
beforeAll(async () => {
  bot = await startTestService({}, afterAll)
  threads = threadsOn(bot)
})

const waiting = async (on = bot): Promise<string> => {
  const id = await on.launch('deploy backend v1.2.3 to production')
  await on.untilAsked(id, 'approval')
  return id
}

describe('list', () => {
  test('shows the newest threads in columns', async () => {
    const id = await waiting()
    const { out, code } = await threads('list')
    expect(code).toBe(0)
    const [head, ...rows] = out.split('\n')
    expect(head).toMatch(/^ID +STATUS +CHANGED +TITLE$/)
    expect(rows.find((row) => row.startsWith(id))).toMatch(
      / {2}awaiting_approval +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}deploy backend v1\.2\.3 to production$/,
    )
    expect((await threads('list', '--limit', '1')).out.split('\n')).toHaveLength(2)
  })

  test('filters by status', async () => {
    const id = await waiting()
    expect((await threads('list', '--status', 'awaiting_approval')).out).toContain(id)
    expect((await threads('list', '--status', 'failed')).out).toBe('no threads')
  })

  test('refuses a status and a limit that there are not', async () => {
    expect(await threads('list', '--status', 'sleepy')).toMatchObject({
      code: 1,
      err: expect.stringContaining('there is no status sleepy'),
    })
    expect((await threads('list', '--limit', '0')).err).toBe('--limit must be from 1 to 1000')
  })

  test('lets no title steer the terminal', async () => {
    const id = await bot.launch('hello \u001b[2J\u009b31m\u202e there')
    const { out } = await threads('list')
    expect(out.split('\n').find((row) => row.startsWith(id))).toMatch(/hello \[2J31m there$/)
    const shown = (await threads('show', id)).out
    for (const steering of ['\u001b', '\u009b', '\u202e']) expect(shown).not.toContain(steering)
  })
})

describe('show', () => {
  test('prints the transcript', async () => {
    const id = await waiting()
    const { out } = await threads('show', id)
    expect(out).toContain(`Thread \`${id}\` · **awaiting_approval**`)
    expect(out).toContain('approval_requested')
  })

  test.each([
    ['01890a5d-ac96-774b-bcce-b302099a8057', 'there is no thread'],
    ['x', 'x is no thread id'],
  ])('says that %s is none', async (other, says) =>
    expect(await threads('show', other)).toMatchObject({ code: 1, err: expect.stringContaining(says) }),
  )
})

describe('cancel', () => {
  test('needs to know who does it', async () => {
    const id = await waiting()
    expect((await threads('cancel', id)).err).toMatch(/^say who cancels: --as PERSON, one of: lead, oncall, local/)
    expect((await threads('cancel', id, '--as', 'stranger')).code).toBe(1)
    expect((await bot.thread(id)).status).toBe('awaiting_approval')
  })

  test('stops the thread, once, and the log says who, how and why', async () => {
    const id = await waiting()
    const cancel = () => threads('cancel', id, '--as', 'lead', '--reason', 'wrong day')
    expect(await cancel()).toMatchObject({ code: 0, err: '' })
    const { status, events } = await bot.thread(id)
    expect(status).toBe('cancelled')
    expect(events.at(-1)).toMatchObject({
      type: 'cancelled',
      actor: { kind: 'person', id: 'lead', via: 'terminal' },
      data: { reason: 'wrong day' },
    })
    expect(await cancel()).toMatchObject({ code: 1, err: expect.stringContaining('this thread is cancelled') })
  })
})

describe('a thread in quarantine', () => {
  test('is marked in the list, can be listed alone, and is due when it is released', async () => {
    const own = await startTestService()
    const command = threadsOn(own)
    const id = await waiting(own)
    await waiting(own)
    await own.stop()
    const { pool, close } = await openDatabase({ connection: own.database.connection })
    const set = "quarantined_at = now(), quarantine_reason = 'a bug', wake_at = null"
    await pool.query(`update threads set ${set} where id = $1`, [id])
    expect((await command('list')).out).toMatch(new RegExp(`${id} {2}QUARANTINED .*\\(a bug\\)`))
    expect((await command('list', '--status', 'quarantined')).out.split('\n')).toHaveLength(2)
    expect(await command('release', id)).toMatchObject({ code: 0, out: `thread ${id} is released and due now` })
    const { rows } = await pool.query('select quarantined_at, wake_at <= now() as due from threads where id = $1', [id])
    expect(rows).toEqual([{ quarantined_at: null, due: true }])
    expect(await command('release', id)).toMatchObject({ code: 1, err: `thread ${id} is not in quarantine` })
    await close()
  })
})

test('without a verb it says what there is', async () =>
  expect(await threads()).toMatchObject({ code: 1, err: expect.stringMatching(/^usage:/) }))
