import { identityKey } from '../link.ts'
import type { ThreadState } from '../state.ts'
import { keyOf, wayOf } from './address.ts'

/** Where words come in that belong to this thread, and who it says that somebody is, a line each; null: nothing of these. A mail says itself what it answers. */
export const repliesAt = ({ contacts, reply_to, link }: ThreadState): string | null => {
  const posts = Object.values(contacts.posts).filter(({ shows }) => shows > 0)
  const own = reply_to && isConversation(keyOf(reply_to)) ? [keyOf(reply_to)] : []
  const names = posts.flatMap(({ address, replies_at }) => {
    if (replies_at !== null) return [replies_at]
    return wayOf(address) === 'sms' ? [keyOf(address)] : []
  })
  const identity = link?.linked ? [identityKey(link.identity)] : []
  const all = [...new Set([...own, ...names, ...identity])]
  return all.length === 0 ? null : all.join('\n')
}

const CONVERSATIONS = ['slack:', 'sms:', 'humanlayer:{']

const isConversation = (name: string): boolean => CONVERSATIONS.some((way) => name.startsWith(way))
