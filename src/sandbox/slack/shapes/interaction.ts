import type { AnyBlock } from '@slack/types'
import { type Fields, isFields } from '../blocks/text.ts'
import { app } from '../seed.ts'
import type { Message, OpenView, Values } from '../state.ts'
import { conversationOf, personOf, type World, workspaceOf } from '../world.ts'
import { messageShape, parentShape } from './message.ts'
import { viewShape } from './view.ts'

/** One use of a button or of a menu, as an app is told of it. */
export interface Action {
  type: string
  block_id: string
  action_id: string
  action_ts: string
  [key: string]: unknown
}

const common = (world: World, { team, user }: { team: string; user: string }) => {
  const { name = '' } = personOf(world, team, user) ?? {}
  return {
    user: { id: user, username: name, name, team_id: team },
    team: { id: team, domain: workspaceOf(world, team)?.domain ?? '' },
    api_app_id: app.id,
    token: app.token,
    enterprise: null,
    is_enterprise_install: false,
  }
}

interface Click {
  user: string
  trigger_id: string
  actions: Action[]
}

/** Somebody clicked in a message. Of an ephemeral one Slack does not send the text along. */
export const messageClick = (
  world: World,
  message: Message,
  { user, trigger_id, actions, response_url, values }: Click & { response_url: string; values: Values },
) => {
  const { team, channel, ts, thread_ts, only_for } = message
  const conversation = conversationOf(world, team, channel)
  const container = { message_ts: ts, channel_id: channel, is_ephemeral: only_for !== null }
  return {
    type: 'block_actions' as const,
    ...common(world, { team, user }),
    container: { type: 'message' as const, ...container, ...(thread_ts !== null && { thread_ts }) },
    trigger_id,
    channel: { id: channel, name: conversation?.im ? 'directmessage' : (conversation?.name ?? '') },
    ...(only_for === null && { message: thread_ts ? messageShape(world, message) : parentShape(world, message) }),
    state: { values },
    response_url,
    actions,
  }
}

/** Somebody used something in a modal. */
export const viewClick = (world: World, open: OpenView, { user, trigger_id, actions }: Click) => ({
  type: 'block_actions' as const,
  ...common(world, { team: open.team, user }),
  container: { type: 'view' as const, view_id: open.id },
  trigger_id,
  view: viewShape(world, open),
  actions,
})

export const viewSubmission = (world: World, open: OpenView, trigger_id: string) => ({
  type: 'view_submission' as const,
  ...common(world, open),
  trigger_id,
  view: viewShape(world, open),
  response_urls: [],
})

export const viewClosed = (world: World, open: OpenView) => ({
  type: 'view_closed' as const,
  ...common(world, open),
  view: viewShape(world, open),
  is_cleared: false,
})

/** What Slack sends of an element that was used: for a menu the option, for an input the text. */
export const chosen = (element: Fields, value: string | undefined): Fields => {
  const options = optionsOf(element)
  switch (element['type']) {
    case 'static_select':
    case 'radio_buttons':
    case 'overflow':
      return { selected_option: options.find((one) => one['value'] === value) ?? null }
    case 'checkboxes':
    case 'multi_static_select': {
      const values = (value ?? '').split(',')
      return { selected_options: options.filter((one) => values.includes(String(one['value']))) }
    }
    case 'plain_text_input':
      return { value: value === undefined || value === '' ? null : value }
    default:
      return {}
  }
}

const optionsOf = (element: Fields): Fields[] => {
  const groups = Array.isArray(element['option_groups']) ? element['option_groups'].filter(isFields) : [element]
  return groups.flatMap(({ options }) => (Array.isArray(options) ? options.filter(isFields) : []))
}

/** The values of all the inputs before anybody touches them. */
export const initialValues = (
  blocks: AnyBlock[],
  found: (blocks: AnyBlock[]) => { block_id: string; element: Fields }[],
) => {
  const values: Values = {}
  for (const { block_id, element } of found(blocks)) {
    if (element['type'] === 'button' || element['type'] === 'overflow') continue
    const { initial_option: option, initial_options: options, initial_value: value } = element
    const first = isFields(option)
      ? option['value']
      : Array.isArray(options)
        ? options
            .filter(isFields)
            .map((one) => one['value'])
            .join()
        : value
    const kept = { type: String(element['type']), ...chosen(element, first === undefined ? undefined : String(first)) }
    values[block_id] = { ...values[block_id], [String(element['action_id'])]: kept }
  }
  return values
}
