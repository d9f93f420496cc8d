import { describe, expect, test } from 'vitest'
import { freePort } from '../support/free-port.ts'
import { startTestService } from '../support/service.ts'
import { type Received, startCollector } from './collector.ts'

const INTERNAL = 1
const CLIENT = 3
const WORDS = 'deploy backend v1.2.3 to production'

const named = (spans: Received[], name: string): Received[] => spans.filter((span) => span.name === name)

/** A deployment whose service is restarted while the approval waits, and the spans that it left. */
const deployed = async () => {
  const collector = await startCollector()
  const bot = await startTestService({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url })
  const id = await bot.launch(WORDS)
  const { seq } = await bot.untilAsked(id, 'approval')
  await bot.restart()
  await bot.respond(id, seq, { approved: true, comment: 'a comment of the approver' })
  await bot.untilStatus(id, 'done')
  await bot.stop()
  return { ...collector, id, seq }
}

describe('one trace a thread', () => {
  test('across a pause and a restart, under one root, by the names of the conventions', async () => {
    const { spans, bodies, id, seq } = await deployed()
    const traceId = id.replaceAll('-', '')
    expect(new Set(spans.map((span) => span.traceId))).toEqual(new Set([traceId]))
    expect(new Set(spans.map(({ resource }) => resource['service.instance.id'])).size).toBe(2)
    expect(new Set(spans.map(({ resource }) => resource['service.name']))).toEqual(new Set(['deploybot']))
    expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(spans.length)

    const [root, ...others] = spans.filter(({ parentSpanId }) => !parentSpanId)
    expect(others).toEqual([])
    expect(root).toMatchObject({ name: 'deploybot.launch', spanId: traceId.slice(16) })
    const ids = new Set(spans.map(({ spanId }) => spanId))
    expect(spans.filter((span) => span !== root && !ids.has(span.parentSpanId ?? ''))).toEqual([])

    const stretches = named(spans, 'invoke_agent deploy')
    expect(stretches.length).toBeGreaterThanOrEqual(2)
    expect(stretches[0]).toMatchObject({
      kind: INTERNAL,
      parentSpanId: root?.spanId,
      attributes: {
        'gen_ai.operation.name': 'invoke_agent',
        'gen_ai.agent.name': 'deploy',
        'gen_ai.conversation.id': id,
      },
    })

    const [chat] = named(spans, 'chat sandbox-planner')
    expect(chat).toMatchObject({
      kind: CLIENT,
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': 'openai-generic',
        'gen_ai.conversation.id': id,
        'gen_ai.output.type': 'json',
        'gen_ai.request.model': 'sandbox-planner',
        'gen_ai.response.model': 'sandbox-planner',
        'gen_ai.usage.input_tokens': expect.any(Number),
        'gen_ai.usage.output_tokens': expect.any(Number),
        'server.address': '127.0.0.1',
        'server.port': expect.any(Number),
      },
    })
    expect(stretches.map(({ spanId }) => spanId)).toContain(chat?.parentSpanId)

    expect(named(spans, 'execute_tool list_git_tags')[0]).toMatchObject({
      kind: INTERNAL,
      attributes: {
        'gen_ai.operation.name': 'execute_tool',
        'gen_ai.tool.name': 'list_git_tags',
        'gen_ai.tool.type': 'extension',
      },
    })
    const dispatches = named(spans, 'execute_tool dispatch')
    expect(dispatches).toHaveLength(1)
    expect(dispatches[0]?.attributes).toMatchObject({
      'gen_ai.tool.call.id': expect.stringMatching(`^${id}-\\d+$`),
      'deploybot.dispatch.id': expect.stringMatching(`^${id}-\\d+$`),
      'deploybot.dispatch.outcome': 'accepted',
      'deploybot.dispatch.run_id': expect.any(Number),
      'deploybot.dispatch.service': 'backend',
      'deploybot.dispatch.environment': 'production',
    })
    expect(stretches.flatMap(({ events }) => events.map(({ name }) => name))).toEqual(['deploybot.dispatch.accepted'])

    const [approval] = named(spans, 'deploybot.approval')
    expect(approval).toMatchObject({
      parentSpanId: root?.spanId,
      attributes: {
        'deploybot.approval.seq': seq,
        'deploybot.approval.outcome': 'answered',
        'deploybot.approval.intent': 'deploy_backend',
        'deploybot.approval.service': 'backend',
        'deploybot.approval.environment': 'production',
      },
    })
    // It lasted through the restart.
    expect(Number(approval?.endTimeUnixNano) - Number(approval?.startTimeUnixNano)).toBeGreaterThan(5e6)

    const sent = bodies.join('\n')
    for (const words of [WORDS, 'v1.2.3', 'comment of the approver', 'Round shipping'])
      expect(sent).not.toContain(words)
  })

  test('a fork is a trace of its own, linked with where it came from', async () => {
    const collector = await startCollector()
    const bot = await startTestService({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url })
    const id = await bot.launch(WORDS)
    const { seq } = await bot.untilAsked(id, 'approval')
    const fork = await bot.post(`/threads/${id}/fork`, { at: seq })
    await bot.stop()
    const root = collector.spans.find(({ traceId }) => traceId === fork.body.id.replaceAll('-', ''))
    expect(root).toMatchObject({ name: 'deploybot.launch', links: [{ traceId: id.replaceAll('-', '') }] })
  })

  test('a call that fails is an error of its kind, without its words', async () => {
    const collector = await startCollector()
    const bot = await startTestService({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url })
    await fetch(`${bot.model()}/_sandbox/replies`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([{ content: 'I would rather not' }]),
    })
    const id = await bot.launch('deploy backend v9.9.9 to production')
    await bot.untilAsked(id, 'human_input')
    await bot.stop()
    const failed = named(collector.spans, 'chat sandbox-planner').filter(({ status }) => status.code === 2)
    expect(failed.map(({ attributes }) => attributes['error.type'])).toEqual([expect.stringMatching(/^model_/)])
    expect(collector.bodies.join('')).not.toContain('rather not')
  })
})

test('a collector that is gone costs nothing but the traces', async () => {
  const bot = await startTestService({ OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await freePort()}` })
  const id = await bot.launch('deploy backend v1.2.3 to staging')
  await bot.untilStatus(id, 'done')
  const began = performance.now()
  await bot.stop()
  expect(performance.now() - began).toBeLessThan(5_000)
})
