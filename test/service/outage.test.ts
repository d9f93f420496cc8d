import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { ThreadView } from '../../src/thread/view.ts'
import { startTestService, types } from '../support/service.ts'

/** Asks a sandbox to go wrong, or to be well again. */
const steer = async (method: string, url: string, body?: object): Promise<void> => {
  const json = { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const { ok, status } = await fetch(url, { method, ...(body ? json : {}) })
  if (!ok) throw new Error(`${method} ${url}: ${status}`)
}
const errors = (view: ThreadView): number => types(view).filter((type) => type === 'error').length

// So many errors in a row that do not pass take a thread to a person.
const LONG_ENOUGH = 3

describe('an outage that ends', { timeout: 50_000 }, () => {
  const it = test.concurrent
  it('of GitHub is waited out by every thread, which says so, and goes on by itself', async ({ onTestFinished }) => {
    const bot = await startTestService({}, onTestFinished)
    const faults = `${bot.github()}/_sandbox/faults`
    await steer('POST', faults, { do: 'answer', accept: false, status: 502, method: 'GET', path: '/', times: 10_000 })
    const ids = await Promise.all(
      ['backend', 'frontend'].map((one) => bot.launch(`deploy ${one} v1.2.3 to production`)),
    )
    const failing = await Promise.all(ids.map((id) => until(bot.thread, id, LONG_ENOUGH)))
    for (const view of failing) {
      expect(view.waiting_for).toMatchObject({ kind: 'timer', reason: expect.stringContaining('GitHub') })
    }
    await steer('DELETE', faults)
    for (const view of await Promise.all(ids.map((id) => untilAsking(bot.thread, id)))) {
      expect(types(view)).not.toContain('escalated')
      expect(view.waiting_for).toMatchObject({ kind: 'approval', tag: 'v1.2.3' })
    }
  })

  it('of the model is waited out too', async ({ onTestFinished }) => {
    const bot = await startTestService({}, onTestFinished)
    const down = Array.from({ length: LONG_ENOUGH }, () => ({ status: 503, body: '{}' }))
    await steer('POST', `${bot.model()}/_sandbox/replies`, down)
    const id = await bot.launch('deploy backend v1.2.3 to production')
    expect((await until(bot.thread, id, LONG_ENOUGH)).waiting_for).toMatchObject({
      reason: expect.stringMatching('model'),
    })
    const view = await untilAsking(bot.thread, id)
    expect(types(view)).not.toContain('escalated')
    expect(types(view).filter((type) => type === 'list_git_tags_result')).toHaveLength(1)
  })
})

const wait = async (look: () => Promise<ThreadView>, holds: (view: ThreadView) => boolean): Promise<ThreadView> => {
  for (const end = Date.now() + 40_000; ; await sleep(50)) {
    const view = await look()
    if (holds(view)) return view
    if (Date.now() > end) throw new Error(JSON.stringify(view))
  }
}
type Look = (id: string) => Promise<ThreadView>
const until = (look: Look, id: string, count: number) =>
  wait(
    () => look(id),
    (view) => errors(view) >= count && view.status === 'sleeping',
  )
const untilAsking = (look: Look, id: string) =>
  wait(
    () => look(id),
    ({ status }) => status === 'awaiting_approval',
  )
