import type { ModalView } from '@slack/types'
import { checkModal } from './blocks/check.ts'
import { named } from './blocks/named.ts'
import { at, isFields } from './blocks/text.ts'
import { parsed } from './content.ts'
import { Refused } from './refused.ts'
import type { OpenView } from './state.ts'
import { newId, secretId, type World } from './world.ts'

/** Reads a modal, and refuses what Slack would not show. */
export const modalOf = (given: unknown): ModalView => {
  const view = typeof given === 'string' ? parsed(given, 'invalid_arguments') : given
  if (!isFields(view)) throw new Refused('invalid_arguments', at('', 'missing required field: view'))
  const problems = checkModal(view)
  if (problems.length > 0) throw new Refused('invalid_arguments', problems)
  return view as unknown as ModalView
}

interface Opening {
  team: string
  user: string
  view: ModalView
  /** The modal that it is laid upon. */
  upon?: OpenView
}

/** Puts a modal before somebody. There is one at a time, with those that it was laid upon. */
export const openView = (world: World, { team, user, view, upon }: Opening): OpenView => {
  if (!upon) world.state.views = world.state.views.filter((one) => one.team !== team || one.user !== user)
  const id = newId(world, 'V')
  const opened: OpenView = {
    id,
    team,
    user,
    hash: secretId(),
    view: { ...view, blocks: named(view.blocks, () => newId(world, 'b')) },
    root: upon?.root ?? id,
    previous: upon?.id ?? null,
    values: {},
    errors: {},
  }
  world.state.views.push(opened)
  world.changed()
  return opened
}

/** Shows something else in the same modal. What was typed stays where the names of block and action stay. */
export const replaceView = (world: World, open: OpenView, view: ModalView): void => {
  open.view = { ...view, blocks: named(view.blocks, () => newId(world, 'b')) }
  open.hash = secretId()
  open.errors = {}
  world.changed()
}

/** Takes the modal away; with `all` those below it too. */
export const closeView = (world: World, open: OpenView, all = false): void => {
  world.state.views = world.state.views.filter((one) => one.id !== open.id && !(all && one.root === open.root))
  world.changed()
}
