import { addMessage } from '../messages.ts'
import { Refused } from '../refused.ts'
import { respond } from '../respond.ts'
import { app } from '../seed.ts'
import { type Delivery, deliver } from '../send/delivery.ts'
import { newResponseUrl, newTrigger } from '../triggers.ts'
import { type World, workspaceOf } from '../world.ts'
import { actorIn, type Doing } from './say.ts'

/** Somebody writes a message that begins with a slash. What the app answers at once is shown to them. */
export const command = async (world: World, given: Doing & { command: string; text: string }): Promise<Delivery> => {
  const { person, place } = actorIn(world, given)
  const { team, user } = given
  const response_url = newResponseUrl(world, { team, channel: place.id, user, ts: null }, 'commands')
  const form = {
    token: app.token,
    team_id: team,
    team_domain: workspaceOf(world, team)?.domain ?? '',
    channel_id: place.id,
    channel_name: place.im ? 'directmessage' : place.name,
    user_id: user,
    user_name: person.name,
    command: given.command,
    text: given.text,
    api_app_id: app.id,
    is_enterprise_install: 'false',
    response_url,
    trigger_id: newTrigger(world, team, user),
  }
  const body = new URLSearchParams(form).toString()
  const delivery = await deliver(world, { kind: 'command', type: given.command, team, body })
  const failed = delivery.failure
    ? `failed with the error "${errorOf(delivery)}"`
    : answered(world, response_url, delivery)
  if (failed) tellAlone(world, given, place.id, `${given.command} ${failed}`)
  world.changed()
  return delivery
}

const errorOf = ({ failure }: Delivery): string =>
  failure === 'http_timeout'
    ? 'operation_timeout'
    : failure === 'not_configured'
      ? 'app_not_connected'
      : 'dispatch_failed'

/** The body of a 200 is a message already. What is wrong with it, if something is. */
const answered = (world: World, response_url: string, { text }: Delivery): string | null => {
  if (text.trim() === '') return null
  const url = world.state.response_urls.find(({ path }) => response_url.endsWith(path))
  try {
    if (url) respond(world, url, jsonOr(text))
    return null
  } catch (error) {
    if (error instanceof Refused) return `failed with the error "${error.message}"`
    throw error
  }
}

const jsonOr = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return { text }
  }
}

const tellAlone = (world: World, { team, user }: Doing, channel: string, text: string): void => {
  const bot = workspaceOf(world, team)?.bot.user ?? ''
  addMessage(world, { team, channel, user: bot, text, only_for: user })
}
