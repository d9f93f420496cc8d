import { AsyncLocalStorage } from 'node:async_hooks'
import { type Attributes, ROOT_CONTEXT, type Span, TraceFlags, type Tracer, trace } from '@opentelemetry/api'
import type { Appended, Around } from '../agent/ports.ts'
import { type Closing, closings, dispatchNews } from './changes.ts'
import { GEN_AI, OPERATION, OURS } from './names.ts'
import { ended, type Spanning } from './span.ts'
import { type TracedModel, tracePorts } from './traced-ports.ts'

export interface SpanOptions {
  tracer: Tracer
  asRoot: <T>(threadId: string, begin: () => T) => T
  model: TracedModel
}

/** A UUID is 128 bits, and so is a trace id: one thread is one trace, whichever replica works on it and whenever. */
export const idsOf = (threadId: string) => {
  const traceId = threadId.replaceAll('-', '')
  return { traceId, spanId: traceId.slice(16) }
}

const contextOf = (threadId: string) => ({ ...idsOf(threadId), traceFlags: TraceFlags.SAMPLED, isRemote: true })
const under = (threadId: string) => trace.setSpanContext(ROOT_CONTEXT, contextOf(threadId))

/** A thread's spans: its launch is the root; stretches of work, and what people were asked, hang below it. */
export const createSpans = ({ tracer, asRoot, model }: SpanOptions) => {
  const active = new AsyncLocalStorage<{ threadId: string; span: Span }>()

  const around: Around = ({ id, agent }, work) => {
    const attributes = {
      [GEN_AI.operation]: OPERATION.agent,
      [GEN_AI.agentName]: agent,
      [GEN_AI.conversation]: id,
    }
    const span = tracer.startSpan(`${OPERATION.agent} ${agent}`, { attributes }, under(id))
    return active.run({ threadId: id, span }, () => ended(span, work))
  }

  const spanning: Spanning = (name, { kind, attributes }, call, tell) => {
    const stretch = active.getStore()
    if (!stretch) return call()
    const all = { [GEN_AI.conversation]: stretch.threadId, ...attributes }
    const span = tracer.startSpan(name, { kind, attributes: all }, trace.setSpan(ROOT_CONTEXT, stretch.span))
    return ended(span, call, tell)
  }

  /** The launch is over at once: a span that lasted as long as the thread would be lost with the process that holds it. */
  const launched = ({ id, agent, forked_from }: Appended['after']): void => {
    const attributes = { [GEN_AI.agentName]: agent, [GEN_AI.conversation]: id }
    const links = forked_from === null ? [] : [{ context: contextOf(forked_from) }]
    asRoot(id, () => tracer.startSpan(OURS.launch, { root: true, attributes, links })).end()
  }

  const closed = (threadId: string, closing: Closing): void => {
    const startTime = new Date(closing.asked.at)
    const name = closing.question === 'approval' ? OURS.approval : OURS.question
    const attributes = { [GEN_AI.conversation]: threadId, ...attributesOf(closing) }
    tracer.startSpan(name, { startTime, attributes }, under(threadId)).end(new Date(closing.at))
  }

  return {
    around,
    ports: tracePorts(spanning, model),
    watch(appended: Appended): void {
      const { before, after } = appended
      if (before === null) launched(after)
      for (const closing of closings(appended)) closed(after.id, closing)
      for (const news of dispatchNews(appended)) active.getStore()?.span.addEvent(`${OURS.dispatch}.${news}`)
    },
  }
}

const attributesOf = ({ asked, outcome }: Closing): Attributes => {
  if (asked.type !== 'approval_requested') return { [OURS.questionSeq]: asked.seq, [OURS.questionOutcome]: outcome }
  const { intent, service, environment } = asked.data
  return {
    [OURS.approvalSeq]: asked.seq,
    [OURS.approvalOutcome]: outcome,
    [OURS.approvalIntent]: intent,
    [OURS.approvalService]: service,
    [OURS.approvalEnvironment]: environment,
  }
}
