import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { click, clickInView } from '../acts/click.ts'
import { command } from '../acts/command.ts'
import { say, typed } from '../acts/say.ts'
import { dismiss, submit, viewWith } from '../acts/submit.ts'
import { messageShape } from '../shapes/message.ts'
import type { World } from '../world.ts'
import { read } from './control.ts'

const who = { team: Type.String({ default: 'T01' }), user: Type.String(), channel: Type.String() }
const text = Type.String({ maxLength: 40_000 })
const used = { action_id: Type.String(), block_id: Type.Optional(Type.String()), value: Type.Optional(Type.String()) }

const Said = Type.Object({
  ...who,
  text,
  thread_ts: Type.Optional(Type.String()),
  typed: Type.Optional(Type.Boolean()),
})
const Clicked = Type.Object({ ...who, ...used, ts: Type.String() })
const Commanded = Type.Object({ ...who, command: Type.String({ default: '/deploybot' }), text })
const ClickedInView = Type.Object({ ...used, view_id: Type.String() })
const Submitted = Type.Object({
  view_id: Type.String(),
  values: Type.Record(Type.String(), Type.Record(Type.String(), Type.String())),
})
const Closed = Type.Object({ view_id: Type.String() })

/** What people do in Slack; the page does it by these too. All but words wait until the app has acknowledged, or has not. */
export const actRoutes = (app: FastifyInstance, world: World): void => {
  app.post<{ Body: Static<typeof Said> }>('/_sandbox/say', { schema: { body: Said } }, ({ body }) => {
    const { typed: raw, ...said } = body
    const words = raw ? typed(world, body.team, body.text) : body.text
    const message = say(world, { ...said, text: words })
    return { ...messageShape(world, message), channel: message.channel }
  })
  app.post<{ Body: Static<typeof Clicked> }>('/_sandbox/click', { schema: { body: Clicked } }, async ({ body }) =>
    read(await click(world, body)),
  )
  app.post<{ Body: Static<typeof Commanded> }>('/_sandbox/command', { schema: { body: Commanded } }, async ({ body }) =>
    read(await command(world, body)),
  )
  const inView = { schema: { body: ClickedInView } }
  app.post<{ Body: Static<typeof ClickedInView> }>('/_sandbox/view/click', inView, async ({ body }) =>
    read(await clickInView(world, viewWith(world, body.view_id), body)),
  )
  app.post<{ Body: Static<typeof Submitted> }>(
    '/_sandbox/view/submit',
    { schema: { body: Submitted } },
    async ({ body }) => read(await submit(world, body.view_id, body.values)),
  )
  app.post<{ Body: Static<typeof Closed> }>('/_sandbox/view/close', { schema: { body: Closed } }, async ({ body }) => {
    const told = await dismiss(world, body.view_id)
    return told ? read(told) : { closed: true }
  })
}
