import { interactive } from '../blocks/named.ts'
import { type Fields, isFields } from '../blocks/text.ts'
import { Refused } from '../refused.ts'
import type { Delivery } from '../send/delivery.ts'
import { chosen, initialValues, viewClosed, viewSubmission } from '../shapes/interaction.ts'
import type { OpenView } from '../state.ts'
import { newTrigger } from '../triggers.ts'
import { closeView, modalOf, openView, replaceView } from '../views.ts'
import type { World } from '../world.ts'
import { interact } from './click.ts'

/** What was filled in, by block and action: text, or the value of an option. */
export type Filled = Record<string, Record<string, string>>

export const viewWith = ({ state }: World, id: string): OpenView => {
  const found = state.views.find((one) => one.id === id)
  if (!found) throw new Refused('view_not_found')
  return found
}

/** Somebody fills in a modal and sends it off. The app may say what is wrong, show another, or let it close. */
export const submit = async (world: World, view_id: string, filled: Filled): Promise<Delivery> => {
  const open = viewWith(world, view_id)
  open.values = { ...initialValues(open.view.blocks, interactive), ...open.values }
  for (const { block_id, element } of interactive(open.view.blocks)) {
    const [type, action] = [String(element['type']), String(element['action_id'])]
    const value = filled[block_id]?.[action]
    if (value !== undefined && type !== 'button')
      open.values[block_id] = { ...open.values[block_id], [action]: { type, ...chosen(element, value) } }
  }
  const trigger_id = newTrigger(world, open.team, open.user)
  const delivery = await interact(world, open.team, viewSubmission(world, open, trigger_id))
  const answer = delivery.failure ? null : answerIn(delivery.text)
  if (answer) follow(world, open, answer)
  else open.errors = { '': 'We had some trouble connecting. Try again?' }
  world.changed()
  return delivery
}

/** Nothing, or an object; at anything else Slack says that there was trouble, and leaves the modal open. */
const answerIn = (text: string): Fields | null => {
  if (text.trim() === '') return {}
  try {
    const answer: unknown = JSON.parse(text)
    return isFields(answer) ? answer : null
  } catch {
    return null
  }
}

const follow = (world: World, open: OpenView, answer: Fields): void => {
  const { team, user } = open
  switch (answer['response_action']) {
    case 'errors':
      open.errors = isFields(answer['errors']) ? (answer['errors'] as Record<string, string>) : {}
      return
    case 'update':
      replaceView(world, open, modalOf(answer['view']))
      return
    case 'push':
      openView(world, { team, user, view: modalOf(answer['view']), upon: open })
      return
    case 'clear':
      closeView(world, open, true)
      return
    default:
      closeView(world, open)
  }
}

/** Somebody closes a modal without sending it. The app hears of it only if it asked to. */
export const dismiss = async (world: World, view_id: string): Promise<Delivery | null> => {
  const open = viewWith(world, view_id)
  closeView(world, open)
  return open.view.notify_on_close ? interact(world, open.team, viewClosed(world, open)) : null
}
