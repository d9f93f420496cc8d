import { randomUUID } from 'node:crypto'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, RandomIdGenerator, type SpanExporter, TracerProvider } from '@opentelemetry/sdk-trace'
import type { Logger } from '../agent/ports.ts'
import { within } from './cached.ts'
import { COMMON } from './names.ts'
import { createSpans, idsOf } from './spans.ts'
import type { TracedModel } from './traced-ports.ts'

// A collector that is gone must not hold up a stop.
const EXPORT_MS = 3_000

export interface TracingOptions {
  /** Where an OTLP collector listens; `/v1/traces` follows. */
  endpoint: string
  model: TracedModel
  logger: Logger
}

/** Spans to a collector by OTLP over HTTP. Nothing is registered globally. Imported only where an endpoint is set. */
export const startTracing = ({ endpoint, model, logger }: TracingOptions) => {
  const exporter = new OTLPTraceExporter({ url: `${endpoint}/v1/traces`, timeoutMillis: EXPORT_MS })
  const ids = createIds()
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ [COMMON.serviceName]: 'deploybot', [COMMON.serviceInstance]: randomUUID() }),
    idGenerator: ids.generator,
    spanProcessors: [new BatchSpanProcessor({ exporter: telling(exporter, logger) })],
  })
  const spans = createSpans({ tracer: provider.getTracer('deploybot'), asRoot: ids.asRoot, model })
  return { ...spans, stop: () => within(EXPORT_MS, provider.shutdown()) }
}

/** Random ids, but for a thread's root span: its two follow from the thread's own, so that every replica knows them. */
const createIds = () => {
  const random = new RandomIdGenerator()
  let root: { traceId: string; spanId: string } | null = null
  return {
    generator: {
      generateTraceId: () => root?.traceId ?? random.generateTraceId(),
      generateSpanId: () => root?.spanId ?? random.generateSpanId(),
    },
    /** The span that `begin` begins is the thread's root. */
    asRoot<T>(threadId: string, begin: () => T): T {
      root = idsOf(threadId)
      try {
        return begin()
      } finally {
        root = null
      }
    },
  }
}

/** The SDK keeps its failures to itself; an operator who mistyped the endpoint should hear of it. */
const telling = (exporter: SpanExporter, logger: Logger): SpanExporter => ({
  export: (spans, done) =>
    exporter.export(spans, (result) => {
      if (result.error) logger.warn({ err: result.error, spans: spans.length }, 'traces could not be exported')
      done(result)
    }),
  shutdown: () => exporter.shutdown(),
})
