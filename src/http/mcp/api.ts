import type { FastifyRequest } from 'fastify'
import type { App } from '../deps.ts'

/** What a tool was refused: by a stable code, and in words. */
export class ToolRefused extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

export interface Call {
  method: 'GET' | 'POST'
  path: string
  body?: object
  idempotencyKey?: string | undefined
}

/** The HTTP API as whoever called a tool may use it. Rejects with ToolRefused. */
export type Api = <T>(call: Call) => Promise<T>

const WHO = ['authorization', 'host', 'origin', 'sec-fetch-site'] as const

/**
 * A tool asks our own HTTP API, in this process and without a socket, as its caller: scopes, schemas, limits, idempotency and refusals are
 * those of the API because they are the API's.
 */
export const apiFor =
  (app: App, { headers, ip }: FastifyRequest): Api =>
  async <T>({ method, path, body, idempotencyKey }: Call): Promise<T> => {
    const who = Object.fromEntries(WHO.map((name) => [name, headers[name]]).filter(([, value]) => value !== undefined))
    const answer = await app.inject({
      method,
      url: path,
      remoteAddress: ip,
      headers: {
        ...who,
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
      },
      ...(body ? { payload: JSON.stringify(body) } : {}),
    })
    if (answer.statusCode < 400) return answer.json<T>()
    const { code, detail } = answer.json<{ code: string; detail: string }>()
    throw new ToolRefused(code, detail)
  }
