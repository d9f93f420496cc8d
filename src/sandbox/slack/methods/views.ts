import { Refused } from '../refused.ts'
import { viewShape } from '../shapes/view.ts'
import type { Trigger } from '../state.ts'
import { modalOf, openView, replaceView } from '../views.ts'
import { type Asked, type Method, optional, required } from './args.ts'

const open: Method = (asked) => {
  const { world, workspace, args } = asked
  const trigger_id = required(asked, 'trigger_id')
  const view = modalOf(args['view'])
  const { user } = exchange(asked, trigger_id)
  const opened = openView(world, { team: workspace.id, user, view })
  return { ok: true, view: viewShape(world, opened) }
}

const push: Method = (asked) => {
  const { world, workspace, args } = asked
  const trigger_id = required(asked, 'trigger_id')
  const view = modalOf(args['view'])
  const { user } = exchange(asked, trigger_id)
  const upon = world.state.views.findLast((one) => one.team === workspace.id && one.user === user)
  const opened = openView(world, { team: workspace.id, user, view, ...(upon && { upon }) })
  return { ok: true, view: viewShape(world, opened) }
}

const update: Method = (asked) => {
  const { world, workspace, args } = asked
  const view = modalOf(args['view'])
  const [id, external] = [optional(asked, 'view_id'), optional(asked, 'external_id')]
  const found = world.state.views.find(
    (one) => one.team === workspace.id && (id ? one.id === id : external && one.view.external_id === external),
  )
  if (!found) throw new Refused('not_found')
  const hash = optional(asked, 'hash')
  if (hash !== undefined && hash !== found.hash) throw new Refused('hash_conflict')
  replaceView(world, found, view)
  return { ok: true, view: viewShape(world, found) }
}

/** How long somebody's click allows the app to open a modal. */
const TRIGGER_MS = 3_000

const exchange = ({ world, workspace }: Asked, id: string): Trigger => {
  const found = world.state.triggers.find((one) => one.team === workspace.id && one.id === id)
  if (!found) throw new Refused('invalid_trigger_id')
  if (found.used) throw new Refused('exchanged_trigger_id')
  if (world.now() - found.at > TRIGGER_MS) throw new Refused('expired_trigger_id')
  found.used = true
  return found
}

export const views: Record<string, Method> = { 'views.open': open, 'views.push': push, 'views.update': update }
