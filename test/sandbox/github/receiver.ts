import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { App } from 'octokit'
import { onTestFinished } from 'vitest'
import { eventually } from '../../support/eventually.ts'

const secret = 'a secret for webhooks'

export interface Received {
  event: string
  delivery: string
  signature: string
  body: string
  payload: { action: string; workflow_run?: { id: number; status: string; conclusion: string | null } }
}

/** A web server that takes webhooks down as they come. `status` is what it answers. */
export const openReceiver = async (status = 202) => {
  const received: Received[] = []
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString()
    const header = (name: string) => String(request.headers[name])
    received.push({
      event: header('x-github-event'),
      delivery: header('x-github-delivery'),
      signature: header('x-hub-signature-256'),
      body,
      payload: JSON.parse(body),
    })
    response.writeHead(status).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/github`
  return { url, secret, received, until: (count: number) => eventually(() => received.length >= count && received) }
}

export const told = (received: Received[], event: string): string[] =>
  received.filter((one) => one.event === event).map(({ payload }) => payload.action)

const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
export const privateKey = key.export({ type: 'pkcs8', format: 'pem' }).toString()
const app = new App({ appId: 1, privateKey, webhooks: { secret } })

/** GitHub's own check, as octokit ships it. */
export const verify = (body: string, signature: string): Promise<boolean> => app.webhooks.verify(body, signature)
