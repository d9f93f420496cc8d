import { setTimeout as sleep } from 'node:timers/promises'
import type { TestService } from './service.ts'

export interface Message {
  ts: string
  thread_ts?: string
  user: string
  text: string
  blocks?: { type: string; elements?: { action_id?: string; value?: string }[] }[]
}

export const buttonsOf = ({ blocks = [] }: Message): string[] =>
  blocks.flatMap(({ elements = [] }) => elements.flatMap(({ action_id, value }) => (value ? [action_id ?? ''] : [])))
export const whole = ({ text, blocks }: Message): string => text + JSON.stringify(blocks ?? [])

export const until = async <T>(what: string, look: () => Promise<T | null | undefined | false>): Promise<T> => {
  const deadline = Date.now() + 30_000
  for (;;) {
    const found = await look()
    if (found) return found
    if (Date.now() > deadline) throw new Error(`no ${what}`)
    await sleep(40)
  }
}

/** The sandbox's Slack beside a service, as its people use it. */
export const createSlackRoom = (bot: () => Pick<TestService, 'slack'>) => {
  const slack = async (path: string, body?: object) => {
    const answer = await fetch(`${bot().slack()}/_sandbox${path}`, {
      ...(body ? { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
    })
    return JSON.parse((await answer.text()) || 'null')
  }
  const messages = (channel: string, thread?: string): Promise<Message[]> =>
    slack(`/messages?channel=${channel}${thread ? `&thread_ts=${thread}` : ''}`)

  /** A mention in #deploys, and the thread that it becomes. */
  const mention = async (text: string, user = 'U02') => {
    const { ts } = await slack('/say', { user, channel: 'C01', text: `<@UBOT01> ${text}` })
    const answers = async () => (await messages('C01', ts)).filter(({ user: by }) => by === 'UBOT01')
    const card = (what = 'Approve') =>
      until('card with buttons', async () =>
        (await answers()).find((message) => buttonsOf(message).length > 0 && whole(message).includes(what)),
      )
    const id = await until('thread', async () => /threads\/([0-9a-f-]{36})/.exec(JSON.stringify(await answers()))?.[1])
    return { ts, answers, card, id }
  }
  const click = (user: string, channel: string, { ts }: Message, action_id: string) =>
    slack('/click', { user, channel, ts, action_id })
  return { slack, messages, mention, click }
}
