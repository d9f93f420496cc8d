import type { Prompt } from '../agent/ports.ts'
import { dig, list, text } from './dig.ts'

interface Block {
  type: 'text'
  text: string
  cache_control?: { type: 'ephemeral' }
}

/**
 * A request to Anthropic with the thread in blocks: what each earlier call was shown, one after the other. Its cache goes by blocks, and
 * ends where one is marked: here at the end of the thread, so that the next call, which begins with the very same blocks, finds it.
 */
export const inBlocks = (body: string, { thread, ends = [] }: Pick<Prompt, 'thread' | 'ends'>): string => {
  const request: unknown = JSON.parse(body)
  const message = list(dig(request, 'messages')).at(-1)
  const content = list(dig(message, 'content'))
  const words = text(dig(content, 0, 'text'))
  // Prompts that are tried may put the thread elsewhere.
  if (content.length !== 1 || thread === '' || !words?.startsWith(thread)) return body
  const blocks = [0, ...ends].map((from, i): Block => ({ type: 'text', text: thread.slice(from, ends[i]) }))
  const last = blocks.at(-1)
  if (last) last.cache_control = { type: 'ephemeral' }
  const rest = words.slice(thread.length)
  Object.assign(message as object, { content: [...blocks, ...(rest === '' ? [] : [{ type: 'text', text: rest }])] })
  return JSON.stringify(request)
}
