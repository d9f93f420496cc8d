import type { Channel, Notice, Told } from '../agent/ports.ts'

interface Ways {
  webhook: { name: string; deliver(notice: Notice<{ webhook: string }>): Promise<Told> }
  pullRequest: { name: string; deliver(notice: Notice<{ pull_request: number; repository: string }>): Promise<Told> }
}

/** One channel that stands for all: where a thread's `reply_to` points says which of them is taken. */
export const createChannels = ({ webhook, pullRequest }: Ways): Channel => ({
  name: 'reply_to',
  deliver: async (notice) => {
    const { reply_to } = notice
    if ('webhook' in reply_to) return { ...(await webhook.deliver({ ...notice, reply_to })), channel: webhook.name }
    return { ...(await pullRequest.deliver({ ...notice, reply_to })), channel: pullRequest.name }
  },
})
