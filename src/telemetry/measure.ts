import type { Histogram } from 'prom-client'
import {
  type Ask,
  Busy,
  Conflict,
  type Log,
  type Ports,
  type Prompt,
  TakenBefore,
  ToolError,
  type Tools,
} from '../agent/ports.ts'
import type { Metrics } from './metrics.ts'
import type { Pulses } from './pulse.ts'

/** Runs `call` and observes how long it took, by how it ended. */
const timed = async <T>(
  observe: (outcome: string, seconds: number) => void,
  call: () => Promise<T>,
  of: Reading<T>,
) => {
  const began = performance.now()
  const passed = (): number => (performance.now() - began) / 1000
  try {
    const result = await call()
    observe(of.result(result), passed())
    return result
  } catch (error) {
    observe(of.error(error), passed())
    throw error
  }
}

interface Reading<T> {
  result: (result: T) => string
  error: (error: unknown) => string
}

const ok = (): string => 'ok'

/** The log, its appends timed. A lost place (`conflict`) is no fault: the loser decides again. */
export const measureLog = (log: Log, { append }: Metrics, pulses: Pulses): Log => ({
  ...log,
  append: (row) =>
    timed(
      (outcome, seconds) => {
        append.observe({ outcome }, seconds)
        pulses.note('database', outcome === 'failed' ? 'an append failed' : null)
      },
      () => log.append(row),
      {
        result: ok,
        error: (error) => {
          if (error instanceof Conflict) return 'conflict'
          if (error instanceof Busy) return 'busy'
          return error instanceof TakenBefore ? 'taken_before' : 'failed'
        },
      },
    ),
})

/** The ways to the world, counted and timed. `model` is the configured name: what an answer calls itself may be anything. */
export const measurePorts = (ports: Ports, metrics: Metrics, pulses: Pulses, name: string): Ports => {
  const { model, judge, tools, channel, ...rest } = ports
  const measured = <Q extends Prompt, T>(ask: Ask<Q, T>, of: AskedFor) =>
    measureAsk(ask, metrics, pulses, { model: name, function: of })
  return {
    ...rest,
    model: { ...model, next: measured(model.next, 'next_step') },
    ...(judge ? { judge: { doubt: measured(judge.doubt, 'judge') } } : {}),
    tools: measureTools(tools, metrics.tool, pulses),
    channel: {
      ...channel,
      deliver: async (notice) => {
        const delivered = await channel.deliver(notice)
        metrics.notices.inc({ channel: channel.name, outcome: delivered.ok ? 'ok' : 'failed' })
        pulses.note(delivered.channel ?? channel.name, delivered.ok ? null : (delivered.message ?? 'failed'))
        return delivered
      },
    },
  }
}

/** What a model is asked for, as metrics name it. */
type AskedFor = 'next_step' | 'judge'

const measureAsk =
  <Q extends Prompt, T>(
    ask: Ask<Q, T>,
    metrics: Metrics,
    pulses: Pulses,
    labels: { model: string; function: AskedFor },
  ): Ask<Q, T> =>
  async (question, signal, options) => {
    const observe = (outcome: string, seconds: number) => metrics.model.observe({ ...labels, outcome }, seconds)
    const reading = { result: codeOf, error: () => 'threw' }
    const answer = await timed(observe, () => ask(question, signal, options), reading)
    pulses.note('model', answer.ok ? null : `${answer.code}: ${answer.message}`)
    metrics.tokens.inc({ ...labels, type: 'input' }, answer.call.input_tokens)
    metrics.tokens.inc({ ...labels, type: 'output' }, answer.call.output_tokens)
    metrics.cached.inc(labels, answer.call.cached_tokens ?? 0)
    metrics.cost.inc(labels, answer.call.cost ?? 0)
    return answer
  }

const codeOf = (answer: { ok: boolean; code?: string }): string => (answer.ok ? 'ok' : (answer.code ?? 'failed'))

// GitHub's own failures, and those of our way in. Anything else that a tool says is an answer.
const GITHUB_FAILS = [
  'github_unavailable',
  'github_unauthorised',
  'github_forbidden',
  'installation_gone',
  'rate_limited',
  'unclear',
  'threw',
]

const measureTools = (tools: Tools, histogram: Histogram<'tool' | 'outcome'>, pulses: Pulses): Tools => {
  const observe = (tool: string, outcome: string, seconds: number): void => {
    histogram.observe({ tool, outcome }, seconds)
    pulses.note('github', GITHUB_FAILS.includes(outcome) ? outcome : null)
  }
  const time = <T>(tool: string, call: () => Promise<T>, result: (result: T) => string = ok): Promise<T> =>
    timed((outcome, seconds) => observe(tool, outcome, seconds), call, {
      result,
      error: (error) => (error instanceof ToolError ? error.code : 'threw'),
    })
  return {
    openRuns: () => time('open_runs', () => tools.openRuns()),
    read: (step) => time(step.intent, () => tools.read(step)),
    prepare: (target) => time('prepare', () => tools.prepare(target)),
    dispatch: (order, signal) =>
      time(
        'dispatch',
        () => tools.dispatch(order, signal),
        ({ outcome }) => outcome,
      ),
    verify: (order, id) =>
      time(
        'verify',
        () => tools.verify(order, id),
        (run) => (run ? 'ok' : 'not_found'),
      ),
    cancelRun: (repository, id) =>
      time(
        'cancel_run',
        () => tools.cancelRun(repository, id),
        ({ accepted }) => (accepted ? 'ok' : 'refused'),
      ),
  }
}
