import { readFileSync } from 'node:fs'
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { document } from '../page/document.ts'
import { placeOf } from '../page/place.ts'
import { shell } from '../page/shell.ts'
import type { World } from '../world.ts'

const text = Type.Optional(Type.String({ maxLength: 40 }))
const Shown = Type.Object({ team: text, as: text, channel: text, thread: text })
const Archived = Type.Object({ team: text, thread_ts: text, cid: text })

const read = (name: string): string => readFileSync(new URL(`../page/${name}`, import.meta.url), 'utf8')

/** What a person sees of the sandbox in a browser. */
export const pageRoutes = (app: FastifyInstance, world: World): void => {
  const style = ['message.css', 'form.css', 'frame.css'].map(read).join('\n')
  const script = read('script.js')
  app.get('/style.css', (_request, reply) => reply.type('text/css; charset=utf-8').send(style))
  app.get('/script.js', (_request, reply) => reply.type('text/javascript; charset=utf-8').send(script))

  app.get<{ Querystring: Static<typeof Shown> }>('/', { schema: { querystring: Shown } }, (request, reply) => {
    const place = placeOf(world, request.query)
    if (!place) return reply.callNotFound()
    return document(reply, place.conversation?.name ?? 'deploybot', shell(place))
  })
  app.get<{ Params: { channel: string; ts: string }; Querystring: Static<typeof Archived> }>(
    '/archives/:channel/:ts',
    { schema: { querystring: Archived } },
    ({ params, query }, reply) => {
      const { channel } = params
      const found = world.state.conversations.find(({ id, team }) => id === channel && team === (query.team ?? team))
      const ts = /^p(\d{10})(\d{6})$/.exec(params.ts)
      if (!found || !ts) return reply.callNotFound()
      const thread = query.thread_ts === undefined ? {} : { thread: query.thread_ts }
      const as = found.im ? { as: found.members[0] ?? '' } : {}
      return reply.redirect(
        `/?${new URLSearchParams({ team: found.team, channel, ...as, ...thread })}#m${ts[1]}.${ts[2]}`,
      )
    },
  )
  liveRoute(app, world)
}

/** Says that something is different, at once; what is, the page fetches. */
const liveRoute = (app: FastifyInstance, world: World): void => {
  app.get('/live', (request, reply) => {
    reply.hijack()
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    reply.raw.write('retry: 1000\n\n')
    const stop = world.watch(() => reply.raw.write('data: changed\n\n'))
    request.raw.once('close', stop)
  })
}
