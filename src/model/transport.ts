import type { HttpRequest } from './client.ts'
import { BACKOFF_MS, ModelError } from './errors.ts'
import { readBody } from './read-body.ts'
import { refusal } from './refusal.ts'

/** One POST, no retries and no redirects; the body of a 2xx answer. Throws ModelError. */
export const send = async (request: HttpRequest, timeoutMs: number, signal?: AbortSignal): Promise<string> => {
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
  } catch (error) {
    throw error instanceof ModelError ? error : unreachable(error)
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
    controller.abort()
  }
}

const timeout = (ms: number) => new ModelError('model_timeout', `the model did not answer within ${ms} ms`, BACKOFF_MS)

/** fetch says "fetch failed" and hides a code such as ECONNREFUSED in its cause. */
const unreachable = (error: unknown): ModelError => {
  const cause = error instanceof Error ? error.cause : undefined
  const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : ''
  return new ModelError('model_unavailable', `the model cannot be reached${code}`, BACKOFF_MS)
}
