import type { AuthTestResponse, UsersInfoResponse } from '@slack/web-api'
import { Refused } from '../refused.ts'
import { app } from '../seed.ts'
import { personShape } from '../shapes/place.ts'
import { personOf } from '../world.ts'
import { type Method, required } from './args.ts'

const authTest: Method = ({ workspace: { id, domain, name, bot } }) =>
  ({
    ok: true,
    url: `https://${domain}.slack.com/`,
    team: name,
    user: app.name,
    team_id: id,
    user_id: bot.user,
    bot_id: bot.bot_id,
    is_enterprise_install: false,
  }) satisfies AuthTestResponse

const info: Method = (asked) => {
  const found = personOf(asked.world, asked.workspace.id, required(asked, 'user'))
  if (!found) throw new Refused('user_not_found')
  return { ok: true, user: personShape(found) } satisfies UsersInfoResponse
}

const lookupByEmail: Method = (asked) => {
  const email = required(asked, 'email').toLowerCase()
  const found = asked.world.state.people.find((one) => one.team === asked.workspace.id && one.email === email)
  if (!found) throw new Refused('users_not_found')
  return { ok: true, user: personShape(found) } satisfies UsersInfoResponse
}

export const people: Record<string, Method> = {
  'auth.test': authTest,
  'users.info': info,
  'users.lookupByEmail': lookupByEmail,
}
