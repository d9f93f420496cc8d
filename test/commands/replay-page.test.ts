import { expect, test } from 'vitest'
import type { Replay, Replayed } from '../../src/commands/replay/model.ts'
import { policyPage, replayPage } from '../../src/commands/replay/page.ts'

const THREAD = '01890a5d-ac96-774b-bcce-b302099a8057'
const about = { what: 'sandbox <planner>', threads: 7, since: '2026-11-01T00:00:00Z', publicUrl: 'https://bot.test' }
const backend = { intent: 'deploy_backend', tag: 'v1.2.3', environment: 'production' } as const
const call = (more: Partial<Replayed> = {}): Replayed => ({
  ...{ thread_id: THREAD, seq: 5, at: '2026-11-23T08:00:00.000Z', before: { step: backend }, changed: true },
  after: { code: 'model_unreadable' },
  label: { people: 'rejected', by: 'lead', comment: 'frontend first' },
  agreed: { before: false, after: true },
  ...more,
})
const replay = (calls: Replayed[]): Replay => ({
  ...{ calls, unanswered: 1, left: 0, input_tokens: 900, output_tokens: 40 },
  agreement: { of: 3, before: 1, after: 2 },
})
const textOf = (page: string): string =>
  page
    .replace(/<style>[\s\S]*<\/style>|<[^>]+>/g, ' ')
    .replaceAll('&#34;', '"')
    .replace(/\s+/g, ' ')

test('a replay as a page says how many agree before and after, and shows each change side by side', () => {
  const page = replayPage(replay([call(), call({ seq: 9, changed: false })]), about)
  const text = textOf(page)
  expect(text).toContain('decisions would change 1 of 2')
  expect(text).toContain('agreed with people before 1 of 3 agree after 2 of 3')
  expect(text).toContain(
    'Before not as people wanted intent: "deploy_backend" tag: "v1.2.3" environment: "production" After as people wanted no step: model_unreadable rejected by lead: frontend first',
  )
  expect(page).toContain(`href="https://bot.test/threads/${THREAD}#event-5"`)
  expect(text).not.toContain('#9')
})

test('it loads nothing and runs nothing, whatever stands in it', () => {
  const hostile = `"><script>alert(1)</script><img src=x onerror=alert(1)> ${'x'.repeat(9_000)}`
  const page = replayPage(
    replay([
      call({
        before: { step: { intent: 'done_for_now', message: hostile } },
        after: { code: hostile },
        label: { people: 'rejected', by: hostile, comment: hostile },
      }),
    ]),
    { ...about, what: hostile },
  )
  expect(page).not.toMatch(/<script|<img|<link|src=x onerror=alert\(1\)>/)
  expect(page).toContain("content=\"default-src 'none'; style-src 'unsafe-inline'\"")
  expect(page.length).toBeLessThan(12_000)
})

test('nothing that would change is said', () =>
  expect(textOf(replayPage(replay([call({ changed: false })]), about))).toContain(
    'Nothing would be decided otherwise.',
  ))

test('rules as a page say what they would have blocked, and why', () => {
  const place = { service: 'backend', environment: 'production', tag: '<v1>' }
  const blocked = [{ ...place, thread_id: THREAD, at: '2026-11-23T08:00:00.000Z', intent: 'rollback', why: ['frozen'] }]
  const page = policyPage({ deployments: 20, blocked }, { ...about, what: 'The rules of stricter.yaml' })
  expect(textOf(page)).toContain('would have blocked 1 of the last 20 deployments')
  expect(page).toContain('rollback backend &#60;v1&#62; production')
  expect(textOf(page)).toContain('frozen')
})
