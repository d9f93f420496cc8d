import { type Attributes, type Span, type SpanKind, SpanStatusCode } from '@opentelemetry/api'
import { ToolError } from '../agent/ports.ts'
import { COMMON } from './names.ts'

/** A span around one call inside a stretch of work. `tell` adds what is known only afterwards. */
export type Spanning = <T>(
  name: string,
  options: { kind: SpanKind; attributes: Attributes },
  call: () => Promise<T>,
  tell: (span: Span, result: T) => void,
) => Promise<T>

export const nothingMore = (): void => {}

/** Ends the span when the call ends. Of an error only its kind is told: messages may hold words of a prompt. */
export const ended = async <T>(
  span: Span,
  call: () => Promise<T>,
  tell: (span: Span, result: T) => void = nothingMore,
): Promise<T> => {
  try {
    const result = await call()
    tell(span, result)
    return result
  } catch (error) {
    failed(span, error instanceof ToolError ? error.code : error instanceof Error ? error.name : typeof error)
    throw error
  } finally {
    span.end()
  }
}

export const failed = (span: Span, type: string): void => {
  span.setAttribute(COMMON.errorType, type)
  span.setStatus({ code: SpanStatusCode.ERROR })
}
