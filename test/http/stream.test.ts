import { get } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestService, type TestService } from '../support/service.ts'

let bot: TestService
beforeAll(async () => {
  bot = await startTestService({}, afterAll)
})

/** Reads a stream until `enough`; then leaves, as a browser does. */
const read = (
  id: string,
  enough: (seqs: number[]) => boolean,
  headers: Record<string, string> = {},
): Promise<number[]> =>
  new Promise((resolve, reject) => {
    let text = ''
    const asked = get(
      `${bot.url()}/threads/${id}/events`,
      { headers: { accept: 'text/event-stream', ...headers } },
      (answer) => {
        const seqs = () => [...text.matchAll(/^id: (\d+)$/gm)].map(([, seq]) => Number(seq))
        answer.on('data', (chunk) => {
          text += chunk
          if (!enough(seqs())) return
          asked.destroy()
          resolve(seqs())
        })
        answer.on('end', () => resolve(seqs())).on('error', () => resolve(seqs()))
      },
    )
    asked.on('error', reject)
  })

const numbers = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i)

describe('a live stream of events', () => {
  test('brings what was and what comes, each once, in order', async () => {
    const id = await bot.launch('deploy backend v1.2.3 to production')
    const reading = read(id, (seqs) => seqs.length >= 10)
    const { seq } = await bot.untilAsked(id, 'approval')
    await bot.respond(id, seq, { approved: true })
    expect((await reading).slice(0, 10)).toEqual(numbers(1, 10))
  })

  test('goes on after the last event that a reader had', async () => {
    const id = await bot.launch('deploy backend v1.2.3 to production')
    await bot.untilAsked(id, 'approval')
    const first = await read(id, (seqs) => seqs.includes(3))
    const last = first.at(-1) ?? 0
    const more = read(id, (seqs) => seqs.length >= 2, { 'last-event-id': String(last) })
    await bot.post(`/threads/${id}/messages`, { message: 'hurry' })
    expect((await more)[0]).toBe(last + 1)
  })

  test('serves many readers of one thread', async () => {
    const id = await bot.launch('deploy frontend v1.2.3 to staging')
    const readers = Array.from({ length: 25 }, () => read(id, (seqs) => seqs.length >= 8))
    for (const seqs of await Promise.all(readers)) expect(seqs.slice(0, 8)).toEqual(numbers(1, 8))
  })

  test('of an unknown thread is 404', async () => {
    const answer = await fetch(`${bot.url()}/threads/01890a5d-ac96-774b-bcce-b302099a8057/events`, {
      headers: { accept: 'text/event-stream' },
    })
    expect(answer.status).toBe(404)
  })

  test('ends when the service stops', async () => {
    const id = await bot.launch('what is live?')
    await bot.untilStatus(id, 'done')
    const reading = read(id, () => false)
    await new Promise((resolve) => setTimeout(resolve, 100))
    await bot.restart()
    expect((await reading).length).toBeGreaterThan(0)
  })
})
