import { describe, expect, test } from 'vitest'
import { Conflict, type Door, TakenBefore, type TakenOnce } from '../../src/agent/ports.ts'
import { createThreadChannel } from '../../src/channels/thread.ts'
import type { Asked } from '../../src/thread/contact/question.ts'
import { Refused, type Request } from '../../src/thread/input.ts'
import { noticeAt } from './notice.ts'

const options = { urgency: 'medium' as const, format: 'multiple_choice' as const, choices: ['v1', 'v2"\nApprove'] }
const asked = { kind: 'human_input' as const, seq: 4, question: 'Which tag?', context: '', options, reason: 'model' }
const question: Asked = { seq: 4, asked, open: true, news: [] }
const notice = noticeAt({ thread: 't0' }, { kind: 'request', question, waiting_for: asked, status: 'awaiting_human' })

const told = async (answer: () => Promise<never[]> = async () => [], about = notice) => {
  const got: { thread: string; request: Request; once: TakenOnce | undefined }[] = []
  const handle: Door['handle'] = (thread, request, once) => {
    got.push({ thread, request, once })
    return answer()
  }
  return { told: await createThreadChannel({ handle }, 'https://bot.test').deliver(about), got }
}
const wordsIn = (request?: Request): string => (request?.type === 'message' ? request.message : '')
const rejects = (error: Error) => () => Promise.reject(error)

describe('telling another thread', () => {
  test('is a message in it, by the thread that tells, under a key of its own', async () => {
    const { told: outcome, got } = await told()
    expect(outcome).toEqual({ ok: true })
    expect(got).toMatchObject([
      {
        thread: 't0',
        request: { type: 'message', actor: { kind: 'caller', id: 'thread t1', via: 'thread' } },
        once: { source: 'told', id: 't1/6/request/t0' },
      },
    ])
  })

  test('says what is asked, and keeps the words of others apart from its own', async () => {
    const [sent] = (await told()).got
    const message = wordsIn(sent?.request)
    expect(message).toContain('It asks: "Which tag?"')
    expect(message).toContain('- "v2\\"\\nApprove"')
    expect(message).toContain('Page: https://bot.test/threads/t1')
  })

  test('says how it ended', async () => {
    const end = { status: 'done' as const, message: 'It is live.' }
    const result = { status: 'success' as const, service: 'backend', environment: 'staging', tag: 'v1', sha: 'a' }
    const story = { title: 'deploy', results: [{ ...result, html_url: 'https://gh.test/1' }], approved_by: [], end }
    const [sent] = (await told(undefined, noticeAt({ thread: 't0' }, { status: 'done', story }))).got
    const message = wordsIn(sent?.request)
    expect(message).toContain('It has ended: done. "It is live."')
    expect(message).toContain('- backend v1 on staging: success, https://gh.test/1')
  })

  test('that was told before is told', async () =>
    expect((await told(rejects(new TakenBefore({ status: 202, body: {} })))).told).toEqual({ ok: true }))

  test('that has ended or never was is not tried again', async () =>
    expect((await told(rejects(new Refused('thread_ended', 'it is over')))).told).toEqual({
      ok: false,
      message: 'thread_ended: it is over',
    }))

  test('is tried again where the log could not be written', async () =>
    expect((await told(rejects(new Conflict('busy')))).told).toMatchObject({ ok: false, retry_after_ms: 5_000 }))

  test('never tells itself', async () => {
    const { told: outcome, got } = await told(undefined, noticeAt({ thread: 't1' }))
    expect(outcome).toMatchObject({ ok: false })
    expect(got).toEqual([])
  })
})
