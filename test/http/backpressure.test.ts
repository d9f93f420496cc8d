import { once } from 'node:events'
import { type ClientRequest, get, type IncomingMessage } from 'node:http'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { startApp } from '../support/app.ts'
import { freshDatabase } from '../support/postgres.ts'
import { spawnService } from '../support/process.ts'
import { processSettings } from '../support/process-settings.ts'
import { createApi } from '../support/service.ts'

const launch = { message: 'what is live?' }
const tally = (statuses: number[]) => {
  const counts: Record<number, number> = {}
  for (const status of statuses) counts[status] = (counts[status] ?? 0) + 1
  return counts
}

/** The app on a database of its own. It goes before its database does. */
const open = async () => {
  const { connection, drop } = await freshDatabase()
  onTestFinished(drop)
  const app = await startApp(connection)
  const id: string = (await app.post('/threads', launch)).body.id
  return { ...app, connection, id }
}

describe('a burst of launches', { timeout: 60_000 }, () => {
  test('gets 201 or a 503 that says when to come back; nothing acknowledged is lost, and people come through', async () => {
    const env = await processSettings()
    const url = () => `http://127.0.0.1:${env.PORT}`
    const bot = createApi(url, {}, 0)
    await spawnService(env)
    const id = await createApi(url).launch('deploy backend v1.2.3 to production')
    const { seq } = await bot.untilAsked(id, 'approval')
    const burst = Promise.all(Array.from({ length: 800 }, () => bot.post('/threads', launch)))
    await sleep(300)
    const began = performance.now()
    expect((await bot.respond(id, seq, { approved: true })).status).toBe(202)
    expect((await bot.call('/health')).status).toBe(200)
    // Well within the ten seconds that GitHub gives a webhook; 0.6 s where nobody else uses the machine.
    expect(performance.now() - began).toBeLessThan(6_000)
    const answers = await burst
    const counts = tally(answers.map(({ status }) => status))
    expect(Object.keys(counts)).toEqual(['201', '503'])
    for (const { headers, body } of answers.filter(({ status }) => status === 503)) {
      expect(body).toMatchObject({ status: 503, code: 'overloaded' })
      expect(headers.get('content-type')).toContain('application/problem+json')
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
    }
    const taken = answers.filter(({ status }) => status === 201).map(({ body }) => body.id)
    const client = new Client({ connectionString: env.DATABASE_URL })
    await client.connect()
    const { rowCount } = await client.query('select from events where seq = 1 and thread_id = any($1)', [taken])
    await client.end()
    expect(rowCount).toBe(taken.length)
    expect(taken.length).toBeGreaterThan(50)
  })

  test('whose clients hang up leaves room for the next', async () => {
    const app = await open()
    const signal = AbortSignal.timeout(100)
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(launch),
      signal,
    }
    const all = await Promise.allSettled(Array.from({ length: 500 }, () => fetch(`${app.url}/threads`, init)))
    expect(all.some(({ status }) => status === 'rejected')).toBe(true)
    // Were their places lost with them, none would come through ever again.
    let taken = 0
    for (const deadline = Date.now() + 20_000; taken < 100 && Date.now() < deadline; ) {
      if ((await app.post('/threads', launch)).status === 201) taken++
      else await sleep(50)
    }
    expect(taken).toBe(100)
  })
})

describe('while a thousand threads wait to be worked on', () => {
  const DUE = `insert into threads (id, agent, title, status, created_at, wake_at)
    select gen_random_uuid(), 'deploy', 't', 'running', now(), now() - interval '1 second' from generate_series(1, 999)`

  test('nothing new is taken, and what people decide is', async () => {
    const app = await open()
    const client = new Client(app.connection)
    await client.connect()
    onTestFinished(() => client.end())
    expect((await app.post('/threads', launch)).status).toBe(201)
    await client.query(DUE)
    await sleep(300)
    const refused = await app.post('/threads', launch)
    expect(refused).toMatchObject({ status: 503, body: { code: 'overloaded' } })
    expect(refused.headers.get('retry-after')).toBe('5')
    expect((await app.post(`/threads/${app.id}/fork`, { at: 1 })).status).toBe(503)
    expect((await app.post(`/threads/${app.id}/messages`, { message: 'hurry' })).status).toBe(202)
    expect((await app.post(`/threads/${app.id}/responses`, { to: 1, approved: true })).body.code).toBe('nothing_asked')
    expect((await app.post('/webhooks/github', {})).status).toBe(401)
    expect((await app.post(`/threads/${app.id}/cancel`, {})).status).toBe(202)
    expect((await app.call(`/threads/${app.id}`)).body.status).toBe('cancelled')
    await client.query(`update threads set wake_at = now() + interval '1 hour' where title = 't'`)
    await sleep(300)
    expect((await app.post('/threads', launch)).status).toBe(201)
  })
})

describe('when the process has hardly any memory left', () => {
  test('only what cannot wait comes through', async () => {
    const app = await open()
    const usage = { ...process.memoryUsage(), rss: Number.MAX_SAFE_INTEGER }
    const spy = vi.spyOn(process, 'memoryUsage').mockReturnValue(usage)
    onTestFinished(() => spy.mockRestore())
    await sleep(1_100)
    expect(await app.post('/threads', launch)).toMatchObject({ status: 503, body: { code: 'overloaded' } })
    expect((await app.call(`/threads/${app.id}`)).status).toBe(503)
    expect((await app.call('/health')).status).toBe(200)
    expect((await app.post(`/threads/${app.id}/cancel`, {})).status).toBe(202)
  })
})

describe('whoever is slow', () => {
  test('to send takes no place, and is shown out', async () => {
    const app = await open()
    expect(app.server).toMatchObject({ headersTimeout: 20_000, requestTimeout: 30_000, timeout: 30_000 })
    Object.assign(app.server, { headersTimeout: 1_000, requestTimeout: 1_500 })
    const { port } = new URL(app.url)
    const head = `POST /threads HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n`
    const begin = async (text: string): Promise<Socket> => {
      const socket = connect(Number(port), '127.0.0.1')
      socket.on('error', () => {})
      await once(socket, 'connect')
      socket.write(text)
      const timer = setInterval(() => socket.write(' '), 500)
      socket.on('close', () => clearInterval(timer))
      return socket
    }
    const began = performance.now()
    const slow = await Promise.all(Array.from({ length: 300 }, (_, i) => begin(i % 2 ? head : head.slice(0, 30))))
    await sleep(200)
    expect((await app.post('/threads', launch)).status).toBe(201)
    expect((await app.call(`/threads/${app.id}`)).status).toBe(200)
    await Promise.all(slow.map((socket) => socket.resume().closed || once(socket, 'close')))
    expect(performance.now() - began).toBeLessThan(6_000)
  })

  test('to read takes one of a bounded number of streams, and nothing else', async () => {
    const app = await open()
    const opened: ClientRequest[] = []
    onTestFinished(() => opened.forEach((one) => void one.destroy()))
    const stream = async (): Promise<IncomingMessage> => {
      const asked = get(`${app.url}/threads/${app.id}/events`, { headers: { accept: 'text/event-stream' } })
      asked.on('error', () => {})
      opened.push(asked)
      const [answer] = await once(asked, 'response')
      return answer
    }
    const streams = await Promise.all(Array.from({ length: 200 }, stream))
    expect(tally(streams.map(({ statusCode = 0 }) => statusCode))).toEqual({ 200: 200 })
    const refused = await stream()
    expect(refused).toMatchObject({ statusCode: 503, headers: { 'retry-after': '1' } })
    expect((await app.post('/threads', launch)).status).toBe(201)
    expect((await app.call(`/threads/${app.id}`)).status).toBe(200)
    opened[0]?.destroy()
    await sleep(100)
    expect((await stream()).statusCode).toBe(200)
  })
})
