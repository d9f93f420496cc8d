import { expect, test } from 'vitest'
import { createBrowser, formIn } from '../http/pages/support.ts'
import { startTestService } from '../support/service.ts'

test('every part is asked whether it works, and the sandbox does what it is told to', async () => {
  const bot = await startTestService({}, undefined, { sandboxSlack: true })
  const { go, send } = createBrowser(bot.url())
  const look = async () => (await go('/settings')).text
  const form = formIn(await look())
  expect((await send('/settings/checks', { form })).to).toBe('/settings')
  const page = await look()
  for (const said of ['the schema is current', 'it chose done_for_now', 'live deployments', 'is of workspace T01'])
    expect(page).toContain(said)
  expect(page).not.toContain('Does not work')
  await send('/settings/sandbox', { form, pull: 'run_fails' })
  const id = await bot.launch('deploy backend v1.2.3 to staging')
  const { events } = await bot.untilEvent(id, 'deploy_backend_result')
  expect(events.find(({ type }) => type === 'deploy_backend_result')).toMatchObject({ data: { status: 'failure' } })
  expect(await look()).toMatch(/GitHub<\/strong>[\s\S]*Worked \d+ times/)
})

test('every string of the sandbox is taken by its stand-in', async () => {
  const bot = await startTestService({}, undefined, { sandboxSlack: true })
  const { go, send } = createBrowser(bot.url())
  const page = (await go('/settings')).text
  const form = formIn(page)
  const pulls = [...page.matchAll(/name="pull" value="(\w+)"/g)].map(([, name]) => name ?? '')
  expect(pulls.length).toBeGreaterThan(10)
  for (const pull of pulls)
    expect([pull, (await send('/settings/sandbox', { form, pull })).to]).toEqual([pull, '/settings'])
})
