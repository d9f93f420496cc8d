import { type DestinationStream, pino } from 'pino'

// Exact paths cost nothing (measured: 0.5 µs a line with or without them); one wildcard makes a line three times as dear.
const SECRETS = ['authorization', 'cookie', 'token', 'secret', 'password', 'apiKey']
const HEADERS = ['authorization', 'cookie', 'x-hub-signature-256', 'webhook-signature']
const PATHS = [...SECRETS, ...['headers', 'req.headers'].flatMap((of) => HEADERS.map((name) => `${of}["${name}"]`))]

const LONGEST_MESSAGE = 300
const DEEPEST_CAUSE = 3

/** The service's log: one JSON object a line on stdout. */
export const createLogger = (level: string, to?: DestinationStream) =>
  pino({ level, redact: { paths: PATHS, censor: '[redacted]' }, serializers: { err: (error) => brief(error) } }, to)

/**
 * What a line says of an error, and nothing else that hangs on it: clients' errors carry whole requests with their
 * tokens, BAML's carry the prompt, Postgres' the row.
 */
const brief = (error: unknown, depth = 0): object => {
  if (!(error instanceof Error)) return { type: typeof error }
  const { name, message, stack, cause } = error
  const code = 'code' in error ? { code: error.code } : {}
  const because = cause instanceof Error && depth < DEEPEST_CAUSE ? { cause: brief(cause, depth + 1) } : {}
  return { type: name, ...code, message: message.slice(0, LONGEST_MESSAGE), stack: frames(stack), ...because }
}

/** Where it happened: a stack begins with the message, at its full length. */
const frames = (stack = ''): string =>
  stack
    .split('\n')
    .filter((line) => /^ {4}at /.test(line))
    .join('\n')
