import { describe, expect, test } from 'vitest'
import { next } from '../../src/thread/next.ts'
import { storyOf } from '../../src/thread/story.ts'
import { asked, running, story } from './spec.ts'

const started = (reply_to: Parameters<typeof withReply>[0]) => {
  const [, ...rest] = running
  return story([withReply(reply_to), ...rest])
}
const withReply = (reply_to: { webhook: string } | { pull_request: number; repository: string }) => ({
  ...asked(),
  reply_to,
})
const told = { type: 'contacted', channel: 'x', ok: true } as const

describe('who is told', () => {
  test('the readers of a pull request hear that what they were asked about runs now', () => {
    const { state, events } = started({ pull_request: 7, repository: 'acme/shop' })
    const to = events.findLast(({ type }) => type === 'tool_started')?.seq ?? 0
    expect(next(state)).toEqual({ do: 'contact_human', to })
  })

  test('once', () => {
    const [, ...rest] = running
    const reply = withReply({ pull_request: 7, repository: 'acme/shop' })
    const { state } = story([
      reply,
      ...rest,
      (state) => ({ ...told, to: state.status === 'awaiting_run' ? state.run.started : 0 }),
    ])
    expect(next(state)).toMatchObject({ do: 'check_run' })
  })

  test('a program is told of questions and of the end only', () =>
    expect(next(started({ webhook: 'https://x.test' }).state)).toMatchObject({ do: 'check_run' }))
})

test('what they are told: who said yes to what runs', () => {
  const { state, events } = started({ pull_request: 7, repository: 'acme/shop' })
  expect(storyOf(state, events)).toMatchObject({ approved_by: ['lead'], results: [], end: null })
})
