import { request as http, type RequestOptions } from 'node:http'
import { request as https } from 'node:https'
import { isIP } from 'node:net'
import type { Hosts } from '../../agent/ports.ts'
import { Forbidden, isForbidden, lookupFor } from './public-address.ts'

// The thread does nothing else meanwhile. Receivers are to acknowledge first and work afterwards.
const DEADLINE_MS = 5_000

/** `forbidden`: it was not tried and never will be. `pauseMs`: it was not tried either, and may be after so long. */
export type Answered =
  | { status: number; retryAfter: string | undefined }
  | { status: null; error: string; forbidden: boolean; pauseMs?: number }

export interface PostOptions {
  /** Whoever set us up said where it is: it may be in a private network. */
  trusted: boolean
  /** Keeps us from waiting for a host that does not answer. */
  hosts?: Hosts | undefined
  deadlineMs?: number | undefined
}

/** One POST on a connection of its own, unless its host is left alone; no redirect is followed, and of the answer only its head is read. */
export const post = async (
  url: URL,
  headers: Record<string, string>,
  body: string,
  options: PostOptions,
): Promise<Answered> => {
  const { trusted, hosts } = options
  const address = url.hostname.replace(/^\[|\]$/g, '')
  // No name is looked up where there is none.
  if (isIP(address) !== 0 && isForbidden(address, trusted)) {
    return { status: null, error: `${address} is in a network where nothing is sent`, forbidden: true }
  }
  const pauseMs = (await hosts?.pauseOf(url.host)) ?? 0
  if (pauseMs > 0) {
    return { status: null, error: `${url.host} is not answering; it was not tried`, forbidden: false, pauseMs }
  }
  const answered = await tried(url, headers, body, options)
  hosts?.report(url.host, answered.status === null ? !answered.forbidden : answered.status >= 500)
  return answered
}

const tried = async (
  url: URL,
  headers: Record<string, string>,
  body: string,
  { trusted, deadlineMs = DEADLINE_MS }: PostOptions,
): Promise<Answered> => {
  try {
    const signal = AbortSignal.timeout(deadlineMs)
    return await send(url, { method: 'POST', headers, signal, agent: false, lookup: lookupFor(trusted) }, body)
  } catch (error) {
    return { status: null, error: messageOf(error, deadlineMs), forbidden: error instanceof Forbidden }
  }
}

const send = (url: URL, options: RequestOptions, body: string): Promise<Answered> =>
  new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? https : http)(url, options, (response) => {
      resolve({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] })
      // What it says beside does not interest us, and it may never end.
      response.on('error', () => {}).destroy()
    })
    request.on('error', reject)
    request.end(body)
  })

const messageOf = (error: unknown, deadlineMs: number): string => {
  if (!(error instanceof Error)) return 'failed'
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return `no answer within ${deadlineMs / 1000} s`
  // Of several addresses that all failed Node tells only the code.
  return (error.message || (error as NodeJS.ErrnoException).code || 'failed').slice(0, 200)
}
