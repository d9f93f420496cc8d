import { type Found, interactive } from '../blocks/named.ts'
import { Refused } from '../refused.ts'
import { type Delivery, deliver } from '../send/delivery.ts'
import { type Action, chosen, initialValues, messageClick, viewClick } from '../shapes/interaction.ts'
import type { OpenView } from '../state.ts'
import { newResponseUrl, newTrigger } from '../triggers.ts'
import { messageAt, newTs, type World } from '../world.ts'
import { actorIn, type Doing } from './say.ts'

interface Used {
  action_id: string
  /** Which of several with the same action_id. */
  block_id?: string
  /** Of a menu: the value of the option. Of buttons with the same action_id: the value of the button. */
  value?: string
}

/** Somebody clicks a button, or chooses from a menu, in a message. Answers how the app acknowledged it. */
export const click = async (world: World, given: Doing & Used & { ts: string }): Promise<Delivery> => {
  const { team, user, ts } = given
  const { place } = actorIn(world, given)
  const message = messageAt(world, team, place.id, ts)
  if (!message || (message.only_for !== null && message.only_for !== user)) throw new Refused('message_not_found')
  const found = find(interactive(message.blocks), given)
  const values = initialValues(message.blocks, interactive)
  const action = actionOf(world, found, given.value)
  keep(values, found, action)
  const payload = messageClick(world, message, {
    user,
    trigger_id: newTrigger(world, team, user),
    actions: [action],
    response_url: newResponseUrl(world, { team, channel: place.id, user, ts }, 'actions'),
    values,
  })
  return interact(world, team, payload)
}

/** Somebody uses something in a modal that tells the app at once. */
export const clickInView = async (world: World, open: OpenView, used: Used): Promise<Delivery> => {
  const { team, user } = open
  const found = find(interactive(open.view.blocks), used)
  const action = actionOf(world, found, used.value)
  keep(open.values, found, action)
  const trigger_id = newTrigger(world, team, user)
  return interact(world, team, viewClick(world, open, { user, trigger_id, actions: [action] }))
}

/** Sends what somebody did as Slack does: JSON in a field of a form. */
export const interact = (world: World, team: string, payload: { type: string }): Promise<Delivery> => {
  const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString()
  return deliver(world, { kind: 'interaction', type: payload.type, team, body })
}

const find = (all: Found[], { action_id, block_id, value }: Used): Found => {
  const named = all.filter(
    (one) => one.element['action_id'] === action_id && (block_id === undefined || one.block_id === block_id),
  )
  const found = named.find(({ element }) => element['value'] === value) ?? named[0]
  if (!found) throw new Refused('action_not_found')
  return found
}

const actionOf = (world: World, { block_id, element }: Found, value: string | undefined): Action => {
  const { type, action_id, text, value: own, style, url, placeholder } = element
  const selected = chosen(element, value)
  if (selected['selected_option'] === null) throw new Refused('option_not_found')
  return {
    type: String(type),
    action_id: String(action_id),
    block_id,
    ...(type === 'button' && { text, value: own, style, url }),
    ...(placeholder === undefined ? {} : { placeholder }),
    ...selected,
    action_ts: newTs(world),
  }
}

const keep = (values: OpenView['values'], { block_id, element }: Found, action: Action): void => {
  if (element['type'] === 'button' || element['type'] === 'overflow') return
  const { selected_option, selected_options, value, type } = action
  values[block_id] = { ...values[block_id], [action.action_id]: { type, selected_option, selected_options, value } }
}
