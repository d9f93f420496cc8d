import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ModelAnswer, Prompt } from '../../src/agent/ports.ts'

export const prompt: Prompt = {
  agent: 'deploy',
  setup: 'services:\n  - "backend"\nenvironments:\n  - name: "production"\n    approvals: 1\n    after: null',
  thread: '<message>\nfrom: "alex"\nmessage: "SECRET WORDS: deploy backend v1.2.3 to production"\n</message>',
}

export const STEP = { intent: 'deploy_backend', tag: 'v1.2.3', environment: 'production' }

export interface Seen {
  method: string | undefined
  path: string | undefined
  headers: IncomingHttpHeaders
  body: Record<string, unknown>
  text: string
}

export interface Provider {
  url: string
  seen: Seen[]
  close(): Promise<void>
}

/** A provider's own HTTP interface on loopback: what it is asked is kept, `answer` says the rest. */
export const startProvider = async (answer: (response: ServerResponse, seen: Seen) => void): Promise<Provider> => {
  const seen: Seen[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { method, url: path, headers } = request
    const text = Buffer.concat(chunks).toString()
    const body = headers['content-type']?.includes('json') ? JSON.parse(text || '{}') : {}
    const one = { method, path, headers, body, text }
    seen.push(one)
    answer(response, one)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export const json = (response: ServerResponse, body: unknown, status = 200, headers = {}): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}

/** An answer as far as it is told: step or code. */
export const outcome = (answer: ModelAnswer): unknown => (answer.ok ? answer.step : answer.code)
