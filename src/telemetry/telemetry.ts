import type { Around, Census, Log, Logger, Ports, Watch } from '../agent/ports.ts'
import { measureLog, measurePorts } from './measure.ts'
import { createMetrics } from './metrics.ts'
import { narrate } from './narrate.ts'
import { createPulses } from './pulse.ts'
import type { TracedModel } from './traced-ports.ts'

export interface TelemetryOptions {
  census: () => Promise<Census>
  model: TracedModel
  /** Null: no traces, and nothing of their SDK is loaded. */
  otlpEndpoint: string | null
  logger: Logger
}

/** What operators see of one service, as wrappers around the ports: the core knows nothing of it. */
export const startTelemetry = async ({ census, model, otlpEndpoint, logger }: TelemetryOptions) => {
  const metrics = createMetrics(census)
  const pulses = createPulses()
  const tracing = otlpEndpoint === null ? null : await trace(otlpEndpoint, model, logger)
  const around: { around?: Around } = tracing ? { around: tracing.around } : {}

  const watch: Watch = (appended) => {
    try {
      narrate(appended, logger)
      metrics.watch(appended)
      tracing?.watch(appended)
    } catch (error) {
      // It is committed: whoever wrote it must not take our mistake for a failed append.
      logger.error({ thread_id: appended.after.id, err: error }, 'an append could not be told of')
    }
  }

  return {
    registry: metrics.registry,
    pulses: pulses.read,
    log: (log: Log): Log => measureLog(log, metrics, pulses),
    ports: (ports: Ports): Ports => {
      const measured = measurePorts(ports, metrics, pulses, model.model)
      return tracing ? tracing.ports(measured) : measured
    },
    watch,
    ...around,
    stop: async (): Promise<void> => {
      await tracing?.stop()
    },
  }
}

const trace = async (endpoint: string, model: TracedModel, logger: Logger) => {
  const { startTracing } = await import('./tracing.ts')
  return startTracing({ endpoint, model, logger })
}

export type Telemetry = Awaited<ReturnType<typeof startTelemetry>>
