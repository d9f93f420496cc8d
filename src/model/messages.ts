import { createHash } from 'node:crypto'
import { dig, list, text } from './dig.ts'
import type { Family } from './providers.ts'

export interface Message {
  role: string
  content: string
}

/** The messages in a request's body, whatever the provider calls them. */
export const messagesOf = (family: Family, body: string): Message[] => {
  const parsed: unknown = JSON.parse(body)
  const named = (key: string, content: string) =>
    list(dig(parsed, key)).map((item) => ({ role: text(dig(item, 'role')) ?? '', content: plain(dig(item, content)) }))
  const system = (key: string, ...path: string[]) => {
    const content = plain(dig(parsed, key, ...path))
    return content === '' ? [] : [{ role: 'system', content }]
  }
  switch (family) {
    case 'chat':
      return named('messages', 'content')
    case 'responses':
      return named('input', 'content')
    case 'anthropic':
      return [...system('system'), ...named('messages', 'content')]
    case 'converse':
      return [...system('system'), ...named('messages', 'content')]
    case 'google':
      return [...system('system_instruction', 'parts'), ...named('contents', 'parts')]
  }
}

/** Content is a string or a list of parts with a `text` each. */
const plain = (content: unknown): string =>
  text(content) ??
  list(content)
    .map((part) => text(dig(part, 'text')) ?? '')
    .join('')

/** Names a prompt in logs and events without repeating it. */
export const hashOf = (messages: Message[]): string =>
  createHash('sha256').update(JSON.stringify(messages)).digest('hex').slice(0, 16)
