import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** A host on loopback that answers as it is told, and counts how often it was asked. Gone when the test ends. */
export const startHost = async (listener: RequestListener) => {
  let asked = 0
  const server = createServer((request, response) => {
    asked += 1
    const answered = listener(request, response)
    request.resume()
    return answered
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked: () => asked }
}

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' }

/** Answers by status and body. */
export const says =
  (status: number, body: unknown = {}): RequestListener =>
  (_, response) =>
    void response.writeHead(status, JSON_TYPE).end(JSON.stringify(body))

/** Takes the request, and that is all. */
export const hangs: RequestListener = () => {}

/** Begins an answer and then sends a byte now and then, for ever. */
export const trickles = (_: IncomingMessage, response: ServerResponse): void => {
  response.writeHead(200, JSON_TYPE).write('[')
  const timer = setInterval(() => response.write(' '), 20)
  response.on('close', () => clearInterval(timer))
}

/** Begins an answer and hangs up. */
export const breaksOff: RequestListener = (_, response) => {
  response.writeHead(200, { ...JSON_TYPE, 'content-length': '1000' }).write('[{"name"', () => response.destroy())
}
