import type { OauthV2AccessResponse } from '@slack/web-api'
import { Refused } from '../refused.ts'
import { app } from '../seed.ts'
import { secretId, type World, workspaceOf } from '../world.ts'
import { required } from './args.ts'

export const SCOPES =
  'app_mentions:read,channels:history,chat:write,commands,im:history,im:write,reactions:write,users:read,users:read.email'

const codes = new WeakMap<World, Map<string, { team: string; user: string; used: boolean }>>()

/** What a browser carries back from "Allow": good for one exchange. */
export const newCode = (world: World, team: string, user: string): string => {
  const code = `${team}.${secretId()}`
  codes.set(world, (codes.get(world) ?? new Map()).set(code, { team, user, used: false }))
  return code
}

interface Exchange {
  world: World
  args: Record<string, unknown>
  /** From the Authorization header, where the client is named there. */
  client: { id: string; secret: string } | null
}

/** The one method that is called without a token. */
export const oauthAccess = ({ world, args, client }: Exchange): OauthV2AccessResponse => {
  const id = client?.id ?? required({ args }, 'client_id')
  const secret = client?.secret ?? required({ args }, 'client_secret')
  if (id !== world.oauth.clientId) throw new Refused('invalid_client_id')
  if (secret !== world.oauth.clientSecret) throw new Refused('bad_client_secret')
  const code = codes.get(world)?.get(required({ args }, 'code'))
  const workspace = code && workspaceOf(world, code.team)
  if (!workspace) throw new Refused('invalid_code')
  if (code.used) throw new Refused('code_already_used')
  code.used = true
  return {
    ok: true,
    access_token: workspace.bot.token,
    token_type: 'bot',
    scope: SCOPES,
    bot_user_id: workspace.bot.user,
    app_id: app.id,
    team: { id: workspace.id, name: workspace.name },
    authed_user: { id: code.user },
    is_enterprise_install: false,
  }
}
