import { pino } from 'pino'
import type { Conversation, Members, Pull, PullComment } from '../../../src/agent/ports.ts'
import type { AppDeps } from '../../../src/http/deps.ts'
import { startApp } from '../../support/app.ts'
import { deliver } from '../../support/github-webhook.ts'
import { freshDatabase, query } from '../../support/postgres.ts'

export const SHA = '4af9ec093803cf55ae35377ab98e917fa44a04b1'

/** What the present test is about: each has a comment and a pull request of its own, so that one service does for all. */
const present = { comment: 500, pull: 100 }
export const numbers = (): { comment: number; pull: number } => ({ ...present })

export const pull = (more: Partial<Pull> = {}): Pull => ({
  number: present.pull,
  title: 'Show prices with tax',
  url: 'https://github.test/acme/shop/pull/7',
  head_sha: SHA,
  from_fork: false,
  ...more,
})

export const comment = (body: string, more: Partial<PullComment> = {}): PullComment => ({
  id: present.comment,
  pull_request: present.pull,
  login: 'Shop-Lead',
  is_bot: false,
  body,
  created_at: new Date().toISOString(),
  edited: false,
  ...more,
})

/** GitHub as a webhook's handler sees it, and what was asked of it. */
export const world = () => {
  const it = {
    ...blank(),
    deps: { conversation: {} as Conversation, members: {} as Members },
    /** As it is before anything happened. */
    reset: (): void => {
      present.comment += 1
      present.pull += 1
      Object.assign(it, blank())
      Object.assign(it.deps.conversation, {
        pull: async () => it.pull,
        comment: async () => it.comment,
        say: async (to, marker, text) => void it.said.push({ to, marker, text }),
        react: async (_repository, id, reaction) => void it.reactions.push([id, reaction]),
      } satisfies Conversation)
      Object.assign(it.deps.members, {
        permission: async () => it.permission,
        isMember: async (team) => it.teams.includes(team),
      } satisfies Members)
    },
  }
  it.reset()
  return it
}

const blank = () => ({
  pull: pull() as Pull | null,
  comment: null as PullComment | null,
  permission: 'write' as Awaited<ReturnType<Members['permission']>>,
  teams: [] as string[],
  said: [] as { to: object; marker: string; text: string }[],
  reactions: [] as [number, string][],
})

/** The HTTP edge on a database of its own, and what it wrote into log and tables since `mark`. */
export const open = async (deps: Partial<AppDeps>, finished: (clean: () => Promise<void>) => void) => {
  const { connection, drop } = await freshDatabase()
  const lines: Record<string, unknown>[] = []
  const logger = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line)) })
  const app = await startApp(connection, { logger, ...deps }, finished)
  const count = async (table: string) =>
    Number((await query(connection, `select count(*) from ${table}`))[0]?.['count'])
  const counts = async () => ({ deliveries: await count('deliveries'), threads: await count('threads') })
  let before = await counts()
  finished(drop)
  return {
    ...app,
    connection,
    lines,
    mark: async () => {
      lines.length = 0
      before = await counts()
    },
    rows: async () => {
      const now = await counts()
      return { deliveries: now.deliveries - before.deliveries, threads: now.threads - before.threads }
    },
    /** The newest thread's events. */
    newest: async () => {
      const [row] = await query(connection, 'select id from threads order by id desc limit 1')
      return (await app.store.log.load(String(row?.['id']))).events
    },
    send: (event: string, payload: unknown, headers?: Record<string, string>) =>
      deliver(app.url, event, JSON.stringify(payload), headers),
  }
}

const repository = { full_name: 'Acme/Shop' }
export const commented = (body: string, more: object = {}) => ({
  action: 'created',
  issue: { number: present.pull, pull_request: {} },
  comment: { id: present.comment, body, user: { login: 'shop-lead', type: 'User' } },
  repository,
  ...more,
})
export const closed = (more: object = {}, hook: object = {}) => ({
  action: 'closed',
  number: present.pull,
  pull_request: { number: present.pull, merged: true, base: { ref: 'main' }, ...more },
  repository,
  ...hook,
})
