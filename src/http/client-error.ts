import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { bodyOf, Problem } from './errors.ts'

const PROBLEMS: Record<string, Problem> = {
  ERR_HTTP_REQUEST_TIMEOUT: new Problem(408, 'request_timeout', 'the request took too long to arrive'),
  HPE_HEADER_OVERFLOW: new Problem(431, 'headers_too_large', 'the headers have more than 16 KB'),
}
const NO_HTTP = new Problem(400, 'bad_request', 'this is no HTTP that can be read')

/** What never became a request is answered like any other mistake. */
export const answerClientError = (error: Error & { code?: string }, socket: Socket): void => {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  const problem = PROBLEMS[error.code ?? ''] ?? NO_HTTP
  const body = JSON.stringify(bodyOf(problem))
  if (socket.writable) {
    const head = `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\nconnection: close\r\n`
    socket.write(
      `${head}content-type: application/problem+json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    )
  }
  socket.destroy()
}
