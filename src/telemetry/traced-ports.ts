import { type Attributes, type Span, SpanKind } from '@opentelemetry/api'
import type { Answered, Ask, Channel, DispatchOrder, DispatchOutcome, Ports, Prompt, Tools } from '../agent/ports.ts'
import { COMMON, GEN_AI, OPERATION, OURS, PROVIDERS } from './names.ts'
import { failed, nothingMore, type Spanning } from './span.ts'

/** Which model is asked, as configured. */
export interface TracedModel {
  provider: string
  model: string
  baseUrl: string | null
}

/** The ways to the world, each call a span. Never a prompt, never arguments, never what came back. */
export const tracePorts =
  (spanning: Spanning, named: TracedModel) =>
  ({ model, judge, tools, channel, ...rest }: Ports): Ports => ({
    ...rest,
    model: { ...model, next: traceAsk(model.next, spanning, named) },
    ...(judge ? { judge: { doubt: traceAsk(judge.doubt, spanning, named) } } : {}),
    tools: traceTools(tools, spanning),
    channel: traceChannel(channel, spanning),
  })

const traceAsk = <Q extends Prompt, T>(
  ask: Ask<Q, T>,
  spanning: Spanning,
  { provider, model: name, baseUrl }: TracedModel,
): Ask<Q, T> => {
  const attributes = {
    [GEN_AI.operation]: OPERATION.chat,
    [GEN_AI.provider]: PROVIDERS[provider] ?? provider,
    [GEN_AI.requestModel]: name,
    [GEN_AI.outputType]: 'json',
    ...(baseUrl === null ? {} : placeOf(new URL(baseUrl))),
  }
  const options = { kind: SpanKind.CLIENT, attributes }
  return (question, signal, more) =>
    spanning(`${OPERATION.chat} ${name}`, options, () => ask(question, signal, more), answered)
}

const placeOf = ({ protocol, hostname, port }: URL): Attributes => ({
  [COMMON.serverAddress]: hostname,
  [COMMON.serverPort]: Number(port) || (protocol === 'https:' ? 443 : 80),
})

const answered = (span: Span, answer: Answered<unknown>): void => {
  const { model, prompt_hash, input_tokens, output_tokens } = answer.call
  span.setAttributes({
    [GEN_AI.responseModel]: model,
    [GEN_AI.inputTokens]: input_tokens,
    [GEN_AI.outputTokens]: output_tokens,
    [OURS.promptHash]: prompt_hash,
  })
  if (!answer.ok) failed(span, answer.code)
}

const traceTools = (tools: Tools, spanning: Spanning): Tools => {
  const tool = <T>(
    name: string,
    call: () => Promise<T>,
    more: Attributes = {},
    tell: (span: Span, result: T) => void = nothingMore,
  ): Promise<T> => {
    const attributes = {
      [GEN_AI.operation]: OPERATION.tool,
      [GEN_AI.toolName]: name,
      [GEN_AI.toolType]: 'extension',
      ...more,
    }
    return spanning(`${OPERATION.tool} ${name}`, { kind: SpanKind.INTERNAL, attributes }, call, tell)
  }
  return {
    openRuns: () => tool('open_runs', () => tools.openRuns()),
    read: (step) => tool(step.intent, () => tools.read(step)),
    prepare: (target) => tool('prepare', () => tools.prepare(target)),
    dispatch: (order, signal) => tool('dispatch', () => tools.dispatch(order, signal), aboutOrder(order), dispatched),
    verify: (order, runId) => tool('verify', () => tools.verify(order, runId), aboutOrder(order)),
    cancelRun: (repository, runId) => tool('cancel_run', () => tools.cancelRun(repository, runId)),
  }
}

const aboutOrder = ({ dispatch_id, service, environment }: DispatchOrder): Attributes => ({
  [GEN_AI.toolCallId]: dispatch_id,
  [OURS.dispatchId]: dispatch_id,
  [OURS.dispatchService]: service,
  [OURS.dispatchEnvironment]: environment,
})

const dispatched = (span: Span, answer: DispatchOutcome): void => {
  span.setAttribute(OURS.dispatchOutcome, answer.outcome)
  if (answer.outcome !== 'accepted') failed(span, answer.outcome === 'refused' ? answer.code : answer.outcome)
  else if (answer.run_id !== null) span.setAttribute(OURS.dispatchRun, answer.run_id)
}

const traceChannel = (channel: Channel, spanning: Spanning): Channel => ({
  ...channel,
  deliver: (notice) =>
    spanning(
      `${OURS.contact} ${channel.name}`,
      { kind: SpanKind.CLIENT, attributes: {} },
      () => channel.deliver(notice),
      (span, { ok }) => {
        if (!ok) failed(span, 'not_delivered')
      },
    ),
})
