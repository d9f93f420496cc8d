import { expect, test } from 'vitest'
import { createBrowser, formIn } from '../http/pages/support.ts'
import { startTestService } from '../support/service.ts'

const section = (page: string, name: string): string =>
  page.split('<section').find((part) => part.includes(`id="environment-${name}"`)) ?? ''

test('what is deployed is live on the page with who did it, and goes back from there by an approval', async () => {
  const bot = await startTestService()
  const { go, send } = createBrowser(bot.url())
  const look = async () => section((await go('/environments')).text, 'production')
  expect(await look()).toContain('Not by Deploybot')
  const id = await bot.launch('deploy backend v1.2.3 to production')
  const { seq, live } = await bot.untilAsked(id, 'approval')
  await bot.respond(id, seq, { approved: true })
  await bot.untilStatus(id, 'done')
  // What was known of GitHub is good for five seconds.
  await expect
    .poll(look, { timeout: 10_000, interval: 300 })
    .toMatch(/v1\.2\.3[\s\S]*is live since[\s\S]*asked by local, approved by local/)
  const page = await look()
  expect(page).toContain(`/threads/${id}`)
  expect(page).toContain('went live')
  const form = formIn((await go('/environments')).text)
  const fields = { form, service: 'backend', environment: 'production', to: live?.tag ?? '' }
  const { to } = await send('/environments/rollbacks', fields)
  const back = to.replace('/threads/', '')
  expect(await bot.untilAsked(back, 'approval')).toMatchObject({
    intent: 'rollback',
    tag: live?.tag,
    direction: 'backward',
  })
})
