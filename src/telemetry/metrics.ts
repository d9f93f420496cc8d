import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'
import type { Appended, Census } from '../agent/ports.ts'
import { closings, dispatchNews, ending, overridden, secondsOf } from './changes.ts'
import { threadGauges } from './gauges.ts'

const APPEND_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]
const CALL_SECONDS = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 60]
const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const WAITING_SECONDS = [10, MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 4 * HOUR, DAY, 3 * DAY, 7 * DAY]

export type Metrics = ReturnType<typeof createMetrics>

/**
 * What Prometheus may ask of one service. Labels come from our own code and configuration, never from a thread,
 * so that their number is bounded.
 */
export const createMetrics = (census: () => Promise<Census>) => {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  threadGauges(registry, census)

  const histogram = <L extends string>(name: string, help: string, labelNames: L[], buckets: number[]) =>
    new Histogram({ name: `deploybot_${name}`, help, labelNames, buckets, registers })
  const counter = <L extends string>(name: string, help: string, labelNames: L[]) =>
    new Counter({ name: `deploybot_${name}`, help, labelNames, registers })

  const waited = histogram(
    'human_wait_seconds',
    'From a question to people to its end, by how it ended',
    ['question', 'outcome'],
    WAITING_SECONDS,
  )
  const dispatches = counter('dispatches_total', 'What became known of dispatches', ['outcome'])
  const broken = counter('glass_broken_total', 'Blocks that a named person overrode, by which', ['block'])
  const ended = counter('threads_ended_total', 'Threads that ended, by how', ['status'])
  return {
    registry,
    append: histogram('append_seconds', 'Time of one append to the log', ['outcome'], APPEND_SECONDS),
    model: histogram('model_call_seconds', 'Time of one model call', ['model', 'function', 'outcome'], CALL_SECONDS),
    tokens: counter('model_tokens_total', 'Tokens that model calls took and gave', ['model', 'function', 'type']),
    cached: counter('model_cached_tokens_total', 'Input tokens that the provider had cached', ['model', 'function']),
    cost: counter('model_cost_total', 'What model calls cost, in the currency of model.prices', ['model', 'function']),
    tool: histogram('tool_call_seconds', 'Time of one tool call', ['tool', 'outcome'], CALL_SECONDS),
    notices: counter('notices_total', 'Questions and ends that people were told of', ['channel', 'outcome']),
    /** Counts what an append made known. */
    watch(appended: Appended): void {
      for (const closing of closings(appended)) {
        waited.observe({ question: closing.question, outcome: closing.outcome }, secondsOf(closing))
      }
      for (const outcome of dispatchNews(appended)) dispatches.inc({ outcome })
      for (const { code } of overridden(appended)) broken.inc({ block: code })
      const status = ending(appended)
      if (status !== null) ended.inc({ status })
    },
  }
}
