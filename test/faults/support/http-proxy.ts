import { once } from 'node:events'
import { Agent, createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

export interface WrongAnswer {
  status: number
  headers?: Record<string, string>
  body?: string
}
type Wrong = 'reset' | 'hang' | WrongAnswer

/** What befalls a request: before the real server sees it, or after the real server has answered. */
export interface Plan {
  before?: Wrong
  holdMs?: number
  after?: Wrong
  /** Holds the real server's answer back for so long. */
  answerAfterMs?: number
}

export interface Passed {
  method: string
  path: string
  body: string
  /** When it came, by a clock that only goes forward. */
  at: number
  /** When the client had its answer. */
  answeredAt: number | null
  /** What the real server answered; null: it never saw the request (or has not answered yet). */
  status: number | null
  plan: Plan
}

/** Stands before a stand-in server, writes down every request, and does with each what `plan` says. */
export const startHttpProxy = async (target: string, plan: (request: Passed) => Plan) => {
  const { hostname, port } = new URL(target)
  const agent = new Agent({ keepAlive: true, maxSockets: 200 })
  const passed: Passed[] = []

  const forward = async ({ method, path, body }: Passed, headers: IncomingMessage['headers']) => {
    const out = httpRequest({
      agent,
      hostname,
      port,
      method,
      path,
      headers: { ...headers, host: `${hostname}:${port}` },
    })
    out.end(body)
    const [answer] = (await once(out, 'response')) as [IncomingMessage]
    return { status: answer.statusCode ?? 0, headers: answer.headers, body: await bytesOf(answer) }
  }

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const at = performance.now()
    const body = (await bytesOf(request)).toString()
    const one: Passed = { method: request.method ?? '', path: request.url ?? '', body, at, ...UNANSWERED }
    one.plan = plan(one)
    passed.push(one)
    const { before, holdMs, after, answerAfterMs } = one.plan
    if (holdMs) await sleep(holdMs)
    if (before) return misbehave(before, one, request, response)
    const answer = await forward(one, request.headers)
    one.status = answer.status
    if (answerAfterMs) await sleep(answerAfterMs)
    if (after) return misbehave(after, one, request, response)
    one.answeredAt = performance.now()
    response.writeHead(answer.status, answer.headers).end(answer.body)
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => request.socket.destroy())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address() as { port: number }
  return {
    url: `http://127.0.0.1:${address.port}`,
    passed: passed as readonly Passed[],
    async close() {
      server.close()
      server.closeAllConnections()
      agent.destroy()
      await once(server, 'close')
    },
  }
}

export type HttpProxy = Awaited<ReturnType<typeof startHttpProxy>>

const UNANSWERED = { answeredAt: null, status: null, plan: {} }

const misbehave = (wrong: Wrong, one: Passed, request: IncomingMessage, response: ServerResponse): void => {
  if (wrong === 'hang') return
  one.answeredAt = performance.now()
  if (wrong === 'reset') return void request.socket.resetAndDestroy()
  response.writeHead(wrong.status, { 'content-type': 'application/json', ...wrong.headers }).end(wrong.body ?? '{}')
}

const bytesOf = async (stream: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
