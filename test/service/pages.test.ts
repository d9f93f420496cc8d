import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { shortOf } from '../../src/thread/contact/short.ts'
import { createBrowser, formIn } from '../http/pages/support.ts'
import { startTestService, type TestService } from '../support/service.ts'

let bot: TestService
beforeAll(async () => {
  bot = await startTestService({}, afterAll)
})

const open = async () => {
  const browser = createBrowser(bot.url())
  const form = formIn((await browser.go('/')).text)
  const asks = async (message: string): Promise<string> =>
    (await browser.send('/asks', { form, message })).to.replace('/threads/', '')
  return { ...browser, form, asks }
}

describe('a browser without script', () => {
  test('asks, reads what would ship, approves, and sees how it went', async () => {
    const { go, send, form, asks } = await open()
    const id = await asks('deploy backend v1.2.3 to production')
    const { seq } = await bot.untilAsked(id, 'approval')
    const page = await go(`/threads/${id}`)
    for (const part of ['It waits for a yes', 'v1.2.3', 'production', 'Live now', 'What ships', 'value="approve"'])
      expect(page.text).toContain(part)
    const answered = await send(`/threads/${id}/answers`, { form, to: String(seq), answer: 'approve', comment: '' })
    expect([answered.status, answered.to]).toEqual([303, `/threads/${id}`])
    await bot.untilStatus(id, 'done')
    expect((await go(`/threads/${id}`)).text).toMatch(/<strong>local<\/strong> <[^>]*>approved/)
  })

  test('rejects with words, which the bot hears', async () => {
    const { send, form, asks } = await open()
    const id = await asks('deploy backend v1.2.3 to production')
    const { seq } = await bot.untilAsked(id, 'approval')
    const comment = 'can you deploy the frontend first?'
    await send(`/threads/${id}/answers`, { form, to: String(seq), answer: 'reject', comment })
    const next = await bot.untilAsked(id, 'approval', seq)
    expect(next).toMatchObject({ service: 'frontend' })
  })

  test('corrects what is proposed, and is asked about that', async () => {
    const { go, send, form, asks } = await open()
    const id = await asks('deploy backend v1.2.3 to production')
    const { seq } = await bot.untilAsked(id, 'approval')
    const given = { form, to: String(seq), comment: 'the cart is broken' }
    expect((await go(`/threads/${id}`)).text).toMatch(/Change what is proposed[\s\S]*name="tag" value="v1.2.3"/)
    const wrong = await send(`/threads/${id}/edits`, { ...given, tag: 'v1.2.4', environment: 'moon' })
    expect([wrong.status, wrong.text]).toEqual([422, expect.stringContaining('there is no environment')])
    expect(wrong.text).toMatch(/<details id="edit-[^"]*" open>[\s\S]*value="v1.2.4"[\s\S]*the cart is broken</)
    const slip = await send(`/threads/${id}/edits`, { ...given, tag: 'v1.2.33' })
    expect([slip.status, slip.text]).toEqual([
      422,
      expect.stringMatching(/tag: there is no tag .*v1.2.33; the nearest are v1.2.3/),
    ])
    const edited = await send(`/threads/${id}/edits`, { ...given, tag: 'v1.2.4', environment: 'production', back: '/' })
    expect([edited.status, edited.to]).toEqual([303, '/'])
    const next = await bot.untilAsked(id, 'approval', seq)
    expect(next).toMatchObject({ tag: 'v1.2.4', environment: 'production' })
    const page = (await go(`/threads/${id}`)).text
    expect(page).toMatch(/changed what is proposed[\s\S]*tag: v1.2.3 → v1.2.4[\s\S]*the cart is broken/)
    expect((await go('/')).text).toMatch(new RegExp(`id="edit-${id}-${next.seq}"`))
    expect((await send(`/threads/${id}/answers`, { form, to: String(seq), answer: 'approve' })).status).toBe(409)
  })

  test('that answers what was answered already is told so, on the page of the thread as it is now', async () => {
    const { send, form, asks } = await open()
    const id = await asks('deploy backend v1.2.3 to production')
    const { seq } = await bot.untilAsked(id, 'approval')
    await bot.respond(id, seq, { approved: false, comment: 'no' })
    const late = await send(`/threads/${id}/answers`, { form, to: String(seq), answer: 'approve' })
    expect(late.status).toBe(409)
    expect(late.text).toMatch(
      /data-address="\/threads\/[\s\S]*role="alert"[\s\S]*this was denied already[\s\S]*already_answered/,
    )
  })

  test('adds words and stops a thread', async () => {
    const { send, form, asks, go } = await open()
    const id = await asks('deploy backend v1.2.3 to production')
    await bot.untilAsked(id, 'approval')
    expect((await send(`/threads/${id}/words`, { form, message: 'wait, to staging please' })).status).toBe(303)
    await bot.untilEvent(id, 'approval_superseded')
    expect((await send(`/threads/${id}/stop`, { form })).status).toBe(303)
    expect((await go(`/threads/${id}`)).text).toContain('cancelled')
  })

  test('is led from the short link of an SMS to its thread', async () => {
    const { go, asks } = await open()
    const id = await asks('what is live?')
    expect((await go(`/t/${shortOf(id)}`)).to).toBe(`/threads/${id}`)
    expect((await go('/t/NOTHING')).status).toBe(404)
  })

  test('forks a thread with other words, looks at an event and at the next prompt', async () => {
    const { send, form, asks, go } = await open()
    const id = await asks('deploy backend v1.2.3 to production')
    await bot.untilAsked(id, 'approval')
    const { to } = await send(`/threads/${id}/forks`, { form, at: '2', message: 'to staging instead' })
    expect(to).toMatch(/^\/threads\/[0-9a-f-]{36}$/)
    expect((await go(to)).text).toMatch(/forked this from another thread[\s\S]*to staging instead/)
    expect((await go(`/threads/${id}`)).text).toContain('href="?fork=1#fork">say it differently')
    expect((await go(`/threads/${id}?fork=1`)).text).toMatch(
      /id="fork-words-1"[^>]*>deploy backend v1.2.3 to production</,
    )
    const other = { form, at: '1', message: 'what is live?', prompt: 'Answer in <b>verse</b>.' }
    const told = await go((await send(`/threads/${id}/forks`, other)).to)
    expect(told.text).toMatch(/Rules of its own[\s\S]*Answer in &#60;b&#62;verse/)
    expect((await go(`/threads/${id}/events/2`)).text).toContain('&#34;message&#34;')
    expect((await go(`/threads/${id}/events/99`)).status).toBe(404)
    expect((await go(`/threads/${id}/prompt`)).text).toContain('What the model would be asked')
    const chose = (await bot.thread(id)).events.find(({ actor }) => actor.kind === 'model')
    expect((await go(`/threads/${id}/prompt?before=${chose?.seq}`)).text).toContain('This is what was sent')
    expect((await go(`/threads/${id}/prompt?before=2`)).text).not.toContain('This is what was sent')
    expect((await go(`/threads/${id}?as=markdown`)).text).toMatch(/^# deploy backend/)
    expect(JSON.parse((await go(`/threads/${id}?as=json`)).text)).toMatchObject({ id })
  })

  test('gets a page, not JSON, for what is not there and what is not allowed', async () => {
    const { go, send } = await open()
    const missing = await go('/threads/01890a5d-ac96-774b-bcce-b302099a8057')
    expect([missing.status, missing.text]).toEqual([404, expect.stringContaining('there is no such thread')])
    const forged = await send('/asks', { form: 'x', message: 'deploy backend' })
    expect([forged.status, forged.text]).toEqual([403, expect.stringContaining('foreign_form')])
    expect(await send('/asks', { form: 'x', message: 'x', more: 'y' })).toMatchObject({ status: 400 })
  })
})
