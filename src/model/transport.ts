import type { Hosts } from '../agent/ports.ts'
import { BACKOFF_MS, ModelError, type ModelErrorCode } from './errors.ts'
import { readBody } from './read-body.ts'
import { refusal } from './refusal.ts'
import type { HttpRequest } from './requests.ts'

export interface SendOptions {
  /** From the start of the call to its last byte. */
  timeoutMs: number
  signal?: AbortSignal | undefined
  /** Knows whether the provider is down. Without it, every call is made. */
  hosts?: Hosts | undefined
}

/** Asks a provider only while it answers. The body of a 2xx answer; throws ModelError. */
export const send = async (request: HttpRequest, options: SendOptions): Promise<string> => {
  const { hosts } = options
  const { host } = new URL(request.url)
  const wait = (await hosts?.pauseOf(host)) ?? 0
  if (wait > 0) {
    throw new ModelError('model_unavailable', 'the model is not answering; it is left alone for a moment', wait)
  }
  try {
    const body = await post(request, options)
    hosts?.report(host, false)
    return body
  } catch (error) {
    const failed = error instanceof ModelError ? error : unreachable(error)
    // A call that we gave up says nothing of the host.
    if (failed.code !== 'model_aborted') hosts?.report(host, DOWN.includes(failed.code))
    throw failed
  }
}

const DOWN: ModelErrorCode[] = ['model_unavailable', 'model_timeout']

/** One POST, no retries and no redirects. */
const post = async (request: HttpRequest, { timeoutMs, signal }: SendOptions): Promise<string> => {
  // A controller of its own for each call: listeners on a shared signal pile up.
  const controller = new AbortController()
  const abort = () => controller.abort(new ModelError('model_aborted', 'the model call was given up', BACKOFF_MS))
  const timer = setTimeout(() => controller.abort(timeout(timeoutMs)), timeoutMs)
  signal?.addEventListener('abort', abort)
  if (signal?.aborted) abort()
  try {
    const { url, ...rest } = request
    const response = await fetch(url, { ...rest, redirect: 'manual', signal: controller.signal })
    const body = await readBody(response)
    if (!response.ok) throw refusal(response, body)
    return body
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
  }
}

const timeout = (ms: number) => new ModelError('model_timeout', `the model did not answer within ${ms} ms`, BACKOFF_MS)

/** fetch says "fetch failed" and hides a code such as ECONNREFUSED in its cause. */
const unreachable = (error: unknown): ModelError => {
  const cause = error instanceof Error ? error.cause : undefined
  const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : ''
  return new ModelError('model_unavailable', `the model cannot be reached${code}`, BACKOFF_MS)
}
