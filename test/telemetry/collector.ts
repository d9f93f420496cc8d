import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'

interface Attribute {
  key: string
  value: { stringValue?: string; intValue?: number | string }
}
interface Raw {
  traceId: string
  spanId: string
  parentSpanId?: string
  name: string
  kind: number
  startTimeUnixNano: string
  endTimeUnixNano: string
  attributes: Attribute[]
  events: { name: string }[]
  links: { traceId: string }[]
  status: { code: number }
}
interface Exported {
  resourceSpans: { resource: { attributes: Attribute[] }; scopeSpans: { spans: Raw[] }[] }[]
}

export interface Received extends Omit<Raw, 'attributes'> {
  attributes: Record<string, string | number | undefined>
  resource: Record<string, string | number | undefined>
}

/** An OpenTelemetry collector that keeps what it gets: OTLP over HTTP, in JSON. */
export const startCollector = async () => {
  const spans: Received[] = []
  const bodies: string[] = []
  const server = createServer(async (request, reply) => {
    const body = (await json(request)) as Exported
    bodies.push(JSON.stringify(body))
    if (request.url === '/v1/traces') spans.push(...body.resourceSpans.flatMap(flat))
    reply.setHeader('content-type', 'application/json').end('{}')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, spans, bodies }
}

const flat = ({ resource, scopeSpans }: Exported['resourceSpans'][number]): Received[] =>
  scopeSpans
    .flatMap(({ spans }) => spans)
    .map((span) => ({ ...span, attributes: plain(span.attributes), resource: plain(resource.attributes) }))

const plain = (attributes: Attribute[]) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? Number(value.intValue)]))
