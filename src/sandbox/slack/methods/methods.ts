import type { Method } from './args.ts'
import { chat } from './chat.ts'
import { conversations } from './conversations.ts'
import { people } from './people.ts'
import { views } from './views.ts'

/** All of Slack's Web API that there is here, but oauth.v2.access, which needs no token. */
export const methods = new Map<string, Method>(Object.entries({ ...chat, ...conversations, ...people, ...views }))
