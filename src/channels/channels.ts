import type { Channel, Notice, Told } from '../agent/ports.ts'
import { type Address, type Way, wayOf } from '../thread/contact/address.ts'

/** The places that each way leads to. */
interface Leads {
  webhook: Extract<Address, { webhook: string }>
  github_comment: Extract<Address, { pull_request: number }>
  slack: Extract<Address, { slack: object }>
  email: Extract<Address, { email: object }>
  sms: Extract<Address, { sms: string }>
  thread: Extract<Address, { thread: string }>
  humanlayer: Extract<Address, { humanlayer: object }>
}
export type Channels = { [W in Way]?: Channel<Leads[W]> }

/** One channel that stands for all that are set up: the address says which of them is taken. */
export const createChannels = (channels: Channels): Channel => ({
  name: 'channels',
  deliver: async (notice): Promise<Told> => {
    const way = wayOf(notice.address)
    const channel = channels[way] as Channel | undefined
    if (!channel) return { ok: false, channel: way, message: `${way} is not set up here` }
    return { ...(await channel.deliver(notice as Notice)), channel: channel.name }
  },
})
