import { expect } from 'vitest'
import type { TestService } from './service.ts'
import { buttonsOf, createSlackRoom, type Message, until, whole } from './slack-room.ts'

/** So many threads wait for the same person; of their cards every tenth is approved, and nothing else is. */
export const waitAtOnce = async (bot: TestService, count: number): Promise<void> => {
  const { messages, click } = createSlackRoom(() => bot)
  const ids = await Promise.all(Array.from({ length: count }, () => bot.launch('deploy backend v1.2.3 to production')))
  const cards = await until('a card for each', async () => {
    const all = (await messages('D01')).filter((one) => buttonsOf(one).length > 0)
    const found = new Map(ids.map((id) => [id, all.find((one) => whole(one).includes(id))]))
    return [...found.values()].every((one) => one) && (found as Map<string, Message>)
  })
  const chosen = ids.filter((_, i) => i % 10 === 0)
  await Promise.all(chosen.map((id) => click('U01', 'D01', cards.get(id) as Message, 'approve')))
  for (const id of chosen) await bot.untilEvent(id, 'approval_given')
  const approved: string[] = []
  for (const id of ids) {
    const { events } = await bot.until(id, 'events', () => true)
    if (events.some(({ type }) => type === 'approval_given')) approved.push(id)
  }
  expect(approved).toEqual(chosen)
}
