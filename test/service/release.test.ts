import { expect, test } from 'vitest'
import type { Event, EventOf } from '../../src/thread/event.ts'
import type { ThreadView } from '../../src/thread/view.ts'
import { octokitOf, place } from '../sandbox/github/support.ts'
import { startTestService, type TestService, types } from '../support/service.ts'

const control = async (bot: TestService, path: string, body: object = {}): Promise<unknown> => {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const answer = await fetch(`${bot.github()}/_sandbox/${path}`, init)
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}
const merge = async (bot: TestService, count = 1) =>
  (await control(bot, 'merges', { count })) as { number: number; sha: string }[]

const releases = async (bot: TestService): Promise<string[]> => (await bot.threads('agent=release')).map(({ id }) => id)

const untilReleased = async (bot: TestService, nth = 0): Promise<string> => {
  for (;;) {
    const id = (await releases(bot)).toReversed()[nth]
    if (id) return id
    await new Promise((resolve) => setTimeout(resolve, 30))
  }
}
const childOf = async (bot: TestService, id: string, agent: string): Promise<string> => {
  const launched = (event: Event): event is EventOf<'child_launched'> =>
    event.type === 'child_launched' && event.data.agent === agent
  const view = await bot.until(id, `a ${agent} child`, ({ events }) => events.some(launched))
  return view.events.find(launched)?.data.child_id ?? ''
}
/** Says yes to each of the thread's approvals until it is done. */
const approveAll = async (bot: TestService, id: string): Promise<ThreadView> => {
  let seen = 0
  for (;;) {
    const view = await bot.until(
      id,
      'a question or an end',
      ({ status, waiting_for }) => status === 'done' || (waiting_for?.kind === 'approval' && waiting_for.seq > seen),
    )
    if (view.status === 'done') return view
    seen = view.waiting_for?.seq ?? 0
    await bot.respond(id, seen, { approved: true })
  }
}

test('a merged pull request goes to staging, through the tests, and with one yes to production', async () => {
  const bot = await startTestService({}, undefined, { sweepMs: 50 })
  const [{ sha = '', number = 0 } = {}] = await merge(bot)
  const release = await untilReleased(bot)
  const child = await childOf(bot, release, 'deploy')
  const asked = await bot.untilAsked(child, 'approval')
  expect(asked).toMatchObject({ environment: 'production', sha, stage: { environment: 'staging', succeeded: true } })
  await approveAll(bot, child)
  const view = await bot.untilStatus(release, 'done')
  expect(types(view).filter((type) => type.endsWith('_result') || type.startsWith('release'))).toEqual([
    'release_planned',
    'deploy_backend_result',
    'deploy_frontend_result',
    'run_tests_result',
    'run_tests_result',
    'release_finished',
  ])
  expect(view.events.find(({ type }) => type === 'release_finished')).toMatchObject({ data: { outcome: 'released' } })
  await bot.untilEvent(release, 'human_contacted')
  const { data } = await octokitOf(bot.github()).rest.issues.listComments({ ...place, issue_number: number })
  expect(data.map(({ body }) => body)).toEqual([expect.stringContaining('went the whole way')])
  expect(await releases(bot)).toHaveLength(1)
})

test('a webhook sets a release going at once, once for a merge however often it is told', async () => {
  const bot = await startTestService({}, undefined, { sweepMs: 3_600_000 })
  const put = {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ mode: 'twice' }),
  }
  await fetch(`${bot.github()}/_sandbox/webhooks`, put)
  const [{ number = 0 } = {}] = await merge(bot)
  const release = await untilReleased(bot)
  const gathered = ({ events }: ThreadView): number[] => events.flatMap(numbersIn)
  await bot.untilEvent(release, 'child_launched')
  expect(gathered(await bot.thread(release))).toEqual([number])
  expect(await releases(bot)).toHaveLength(1)
})

const numbersIn = (event: Event): number[] => (event.type === 'pull_request_merged' ? [event.data.number] : [])
