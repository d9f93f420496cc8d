import { NotInstallable, type SlackInstalls, type SlackWorkspaces } from '../../agent/ports.ts'
import { clientFor } from './clients.ts'
import { toldOf } from './errors.ts'
import { SCOPES } from './scopes.ts'

interface InstallOptions {
  app: { clientId: string; clientSecret: string }
  workspaces: SlackWorkspaces
  publicUrl: string
  apiUrl?: string
}

/** Installs us in workspaces, as Slack's OAuth goes. */
export const createInstalls = ({ app, workspaces, publicUrl, apiUrl }: InstallOptions): SlackInstalls => {
  const redirect_uri = `${publicUrl}/slack/oauth`
  const { clientId: client_id, clientSecret: client_secret } = app
  return {
    askAt: (state) => {
      const url = new URL('/oauth/v2/authorize', apiUrl ?? 'https://slack.com')
      url.search = new URLSearchParams({ client_id, scope: SCOPES.join(','), redirect_uri, state }).toString()
      return url.href
    },

    install: async (code) => {
      const given = await exchange({ client_id, client_secret, code, redirect_uri }, apiUrl)
      const { access_token: token, bot_user_id: bot_user, team, expires_in } = given
      if (!token || !bot_user || !team?.id) throw new NotInstallable('Slack gave no token of one workspace')
      // We would have to renew it twice a day, and to keep what renews it.
      if (expires_in !== undefined) throw new NotInstallable('switch token rotation off in the Slack app')
      const name = team.name ?? team.id
      await workspaces.save({ team: team.id, token, bot_user, name })
      return name
    },

    remove: (team) => workspaces.remove(team),
  }
}

interface Exchange {
  client_id: string
  client_secret: string
  code: string
  redirect_uri: string
}

const exchange = async (offered: Exchange, apiUrl?: string) => {
  try {
    return await clientFor(undefined, apiUrl).oauth.v2.access(offered)
  } catch (error) {
    throw new NotInstallable(`Slack gave no token (${toldOf(error).message})`)
  }
}
