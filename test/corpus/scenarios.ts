import { FATES } from '../../src/thread/fates.ts'
import type { Bot } from './bot.ts'
import { tours } from './tours.ts'

const PRODUCTION = 'deploy backend v1.2.3 to production'
const toProduction = { intent: 'deploy_backend', tag: 'v1.2.3', environment: 'production' } as const

const approve = async (bot: Bot, id: string, after = 0): Promise<number> => {
  const { seq } = await bot.untilAsked(id, 'approval', after)
  await bot.respond(id, seq, { approved: true })
  return seq
}

/** The one POST goes nowhere, and after minutes GitHub still shows no run. */
const lost = async (bot: Bot): Promise<string> => {
  await bot.github('faults', { do: 'drop', accept: false })
  const id = await bot.launch(PRODUCTION)
  await approve(bot, id)
  await bot.untilEvent(id, 'dispatch_unclear')
  await bot.later(id, 6)
  await bot.untilEvent(id, 'dispatch_unknown')
  return id
}

/** Each plays one thread to where it rests. */
export const scenarios: Record<string, (bot: Bot) => Promise<string>> = {
  done: async (bot) => {
    const context = { pull_request: 42, labels: ['backend'] }
    const { body } = await bot.post('/threads', {
      message: PRODUCTION,
      context,
      reply_to: { webhook: 'http://localhost:9/' },
    })
    await bot.untilEvent(body.id, 'human_contacted')
    await approve(bot, body.id)
    await bot.untilStatus(body.id, 'done')
    await bot.until(body.id, 'the end told', ({ events }) => events.at(-1)?.type === 'human_contacted')
    return body.id
  },
  rejected_then_approved: async (bot) => {
    const id = await bot.launch('deploy 4af9ec0 to production')
    const { seq } = await bot.untilAsked(id, 'approval')
    await bot.respond(id, seq, { approved: false, comment: 'can you deploy the backend first?' })
    await approve(bot, id, await approve(bot, id, seq))
    await bot.untilStatus(id, 'done')
    return id
  },
  claimed: async (bot) => {
    await bot.fence()
    await bot.github('faults', { do: 'drop', accept: true })
    await bot.github('runs/next', { hidden_ms: 3_000 })
    const id = await bot.launch(PRODUCTION)
    await approve(bot, id)
    await bot.untilEvent(id, 'dispatch_claimed')
    await bot.untilStatus(id, 'done')
    return id
  },
  failed_run: async (bot) => {
    await bot.github('runs/next', { conclusion: 'failure' })
    const id = await bot.launch(PRODUCTION)
    await approve(bot, id)
    await bot.untilAsked(id, 'human_input')
    return id
  },
  cancelled: async (bot) => {
    await bot.github('pace', { queued: 1_000, running: 10_000 }, 'PUT')
    const id = await bot.launch(PRODUCTION)
    await approve(bot, id)
    await bot.untilEvent(id, 'dispatch_accepted')
    await bot.post(`/threads/${id}/cancel`, { reason: 'wrong one' })
    await bot.untilEvent(id, 'run_cancel_requested')
    await bot.untilEvent(id, 'deploy_backend_result')
    return id
  },
  forked: async (bot) => {
    const id = await bot.launch(PRODUCTION)
    const { seq } = await bot.untilAsked(id, 'approval')
    const { body } = await bot.post(`/threads/${id}/fork`, { at: seq })
    return body.id
  },
  escalated: async (bot) => {
    await bot.says('No.', '[]', '{"intent":')
    const id = await bot.launch('deploy something')
    await bot.untilAsked(id, 'human_input')
    return id
  },
  given_up: async (bot) => {
    await bot.says(...Array.from({ length: 18 }, () => 'No.'))
    const id = await bot.launch('deploy something')
    for (let asked = 0, round = 0; round < 5; round++) {
      asked = (await bot.untilAsked(id, 'human_input', asked)).seq
      await bot.respond(id, asked, { response: 'try again' })
    }
    await bot.untilStatus(id, 'failed')
    return id
  },
  dispatch_unknown: lost,
  dispatched_again: async (bot) => {
    const id = await lost(bot)
    const { seq } = await bot.untilAsked(id, 'human_input')
    await bot.respond(id, seq, { choice: FATES.again })
    await bot.untilStatus(id, 'done')
    return id
  },
  deferred: async (bot) => {
    await bot.github('faults', { do: 'answer', accept: false, status: 429, retry_after: 1 })
    const id = await bot.launch(PRODUCTION)
    await approve(bot, id)
    await bot.untilStatus(id, 'done')
    return id
  },
  expired: async (bot) => {
    await bot.says({ ...toProduction, environment: 'hurried' }, { intent: 'done_for_now', message: 'Too late.' })
    const id = await bot.launch('deploy backend v1.2.3, hurry')
    await bot.untilStatus(id, 'done')
    return id
  },
  waived: async (bot) => {
    const id = await bot.launch('deploy frontend v1.2.3 to staging')
    await bot.untilStatus(id, 'done')
    return id
  },
  drift: async (bot) => {
    const id = await bot.launch(PRODUCTION)
    const { seq } = await bot.untilAsked(id, 'approval')
    const other = await bot.launch('deploy backend 4af9ec0 to production')
    await approve(bot, other)
    await bot.untilStatus(other, 'done')
    await bot.respond(id, seq, { approved: true })
    await bot.untilAsked(id, 'approval', seq)
    return id
  },
  talked_over: async (bot) => {
    const id = await bot.launch(PRODUCTION)
    const { seq } = await bot.untilAsked(id, 'approval')
    await bot.post(`/threads/${id}/messages`, { message: 'use v1.2.2 instead' })
    const renewed = await bot.untilAsked(id, 'approval', seq)
    await bot.respond(id, renewed.seq, { args: { tag: 'v1.2.3' } })
    await bot.untilAsked(id, 'approval', renewed.seq)
    return id
  },
  ...tours,
}
