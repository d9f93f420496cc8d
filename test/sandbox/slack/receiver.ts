import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { signingSecret } from './support.ts'

export interface Received {
  headers: IncomingHttpHeaders
  body: string
}

/** What an app answers: a status, nothing at all, an error with the wish to be left alone, or words. */
type Answer = number | 'silent' | 'no-retry' | 'thanks'

/** An app that takes down what comes, and answers what the test says; the last answer goes on. */
export const openReceiver = async (...answers: Answer[]) => {
  const received: Received[] = []
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString()
    const answer = answers[Math.min(received.length, answers.length - 1)] ?? 200
    received.push({ headers: request.headers, body })
    if (answer === 'no-retry') response.writeHead(500, { 'x-slack-no-retry': '1' }).end()
    else if (answer === 'thanks') response.end(answer)
    else if (answer !== 'silent') response.writeHead(answer).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const urls = { events: url, interactions: url, commands: url, signingSecret }
  return { urls, received, until: (count: number) => eventually(() => received.length >= count && received) }
}
