import { dig, text } from './dig.ts'
import { BACKOFF_MS, ModelError, type ModelErrorCode } from './errors.ts'

/** What a provider's answer other than 2xx means to us. */
export const refusal = ({ status, headers }: Response, body: string): ModelError => {
  const code = codeOf(status)
  const retry = code === 'model_rate_limited' || code === 'model_unavailable'
  return new ModelError(code, `${SAYS[code]} (HTTP ${status}${reason(body)})`, retry ? retryAfter(headers) : undefined)
}

type StatusCode = Extract<
  ModelErrorCode,
  'model_refused_key' | 'model_rate_limited' | 'model_unavailable' | 'model_refused_request'
>

const SAYS: Record<StatusCode, string> = {
  model_refused_key: 'the model provider refused the key',
  model_rate_limited: 'the model provider asks for fewer calls',
  model_unavailable: 'the model provider is not available',
  model_refused_request: 'the model provider refused the request',
}

const codeOf = (status: number): StatusCode => {
  if (status === 401 || status === 403) return 'model_refused_key'
  if (status === 429) return 'model_rate_limited'
  if (status === 408 || status >= 500) return 'model_unavailable'
  return 'model_refused_request'
}

/** The provider's own short name for it; its message may repeat the prompt or the key. */
const reason = (body: string): string => {
  const error = dig(parsed(body), 'error')
  const names = [dig(error, 'code'), dig(error, 'status'), dig(error, 'type')].map(text)
  const name = names.find((one) => one !== null && /^[a-z_]{3,60}$/i.test(one))
  return name ? ` ${name}` : ''
}

const parsed = (body: string): unknown => {
  try {
    return JSON.parse(body)
  } catch {
    return null
  }
}

const LONGEST_PAUSE_MS = 10 * 60_000

/** Retry-After in seconds or as a date, or `retry-after-ms` as OpenAI and Azure send it. */
const retryAfter = (headers: Headers): number => {
  const exact = headers.get('retry-after-ms')
  const after = headers.get('retry-after')
  const wanted = exact ?? (after && (/^\d+$/.test(after) ? Number(after) * 1000 : Date.parse(after) - Date.now()))
  const ms = Math.ceil(Number(wanted))
  return Number.isFinite(ms) ? Math.min(Math.max(ms, BACKOFF_MS), LONGEST_PAUSE_MS) : BACKOFF_MS
}
