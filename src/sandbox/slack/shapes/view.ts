import type { AnyBlock, ModalView, PlainTextElement } from '@slack/types'
import { app } from '../seed.ts'
import type { OpenView, Values } from '../state.ts'
import { type World, workspaceOf } from '../world.ts'

/** A modal as Slack tells it: what the app gave, and what Slack knows about it. */
export interface ViewShape {
  id: string
  team_id: string
  app_installed_team_id: string
  type: 'modal'
  callback_id: string
  external_id: string
  title: PlainTextElement
  close: PlainTextElement | null
  submit: PlainTextElement | null
  blocks: AnyBlock[]
  private_metadata: string
  state: { values: Values }
  hash: string
  clear_on_close: boolean
  notify_on_close: boolean
  root_view_id: string
  previous_view_id: string | null
  app_id: string
  bot_id: string
}

export const viewShape = (world: World, open: OpenView): ViewShape => {
  const { id, team, view, hash, values, root, previous } = open
  return {
    id,
    team_id: team,
    app_installed_team_id: team,
    type: 'modal',
    ...givenBy(view),
    state: { values },
    hash,
    root_view_id: root,
    previous_view_id: previous,
    app_id: app.id,
    bot_id: workspaceOf(world, team)?.bot.bot_id ?? '',
  }
}

const givenBy = (view: ModalView) => ({
  callback_id: view.callback_id ?? '',
  external_id: view.external_id ?? '',
  title: view.title,
  close: view.close ?? null,
  submit: view.submit ?? null,
  blocks: view.blocks,
  private_metadata: view.private_metadata ?? '',
  clear_on_close: view.clear_on_close ?? false,
  notify_on_close: view.notify_on_close ?? false,
})
