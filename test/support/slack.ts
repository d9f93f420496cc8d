import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'
import type { SlackWorkspace } from '../../src/agent/ports.ts'

export const WORKSPACE: SlackWorkspace = { team: 'T01', token: 'xoxb-1', bot_user: 'UBOT' }

/** A call of Slack's API: its method and its arguments, those that are JSON read. */
export interface SlackCall {
  method: string
  token: string
  args: Record<string, unknown>
}

type Answer = { status?: number; headers?: Record<string, string>; body: unknown } | 'hang' | 'cut'

/**
 * As much of Slack's API as a test looks at: form bodies and bearer tokens in, JSON with `ok` out. `script` answers in its place.
 * `/response` takes what is sent to a response_url.
 */
export const startFakeSlack = async (finished: (clean: () => void) => void = onTestFinished) => {
  const calls: SlackCall[] = []
  const responses: { text: string; response_type: string; replace_original: boolean }[] = []
  const scripts = new Map<string, Answer[]>()
  let count = 0
  const usual = ({ method, args }: SlackCall): unknown => {
    if (method === 'conversations.open') return { ok: true, channel: { id: `D${String(args['users'])}` } }
    if (method === 'chat.postMessage') return { ok: true, channel: args['channel'], ts: `1700000000.00000${++count}` }
    return { ok: true, ts: args['ts'] }
  }
  const server = createServer(async (request, response) => {
    const body = await text(request)
    if (request.url === '/response') {
      responses.push(JSON.parse(body))
      return void response.end('ok')
    }
    const method = request.url?.replace('/api/', '') ?? ''
    const token = request.headers.authorization?.replace('Bearer ', '') ?? ''
    const call = { method, token, args: argsIn(body) }
    calls.push(call)
    const answer = scripts.get(method)?.shift() ?? { body: usual(call) }
    if (answer === 'hang') return
    if (answer === 'cut') return void request.socket.destroy()
    response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers })
    response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  finished(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    apiUrl: `${url}/api/`,
    responseUrl: `${url}/response`,
    calls,
    responses,
    of: (method: string): SlackCall[] => calls.filter((call) => call.method === method),
    script: (method: string, ...answers: Answer[]): void => void scripts.set(method, answers),
  }
}

/** What is no plain text comes as JSON within a form. */
const argsIn = (body: string): Record<string, unknown> =>
  Object.fromEntries(
    [...new URLSearchParams(body)].map(([key, value]) => [key, /^[[{]/.test(value) ? JSON.parse(value) : value]),
  )
