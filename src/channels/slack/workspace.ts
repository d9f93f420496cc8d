import type { FindWorkspace, SlackWorkspace } from '../../agent/ports.ts'
import { clientFor } from './clients.ts'

/** The one workspace whose token is configured. Slack is asked once whose that is, and again while it does not answer. */
export const workspaceOfToken = (token: string, apiUrl?: string): FindWorkspace => {
  let known: SlackWorkspace | null = null
  return async (team) => {
    known ??= await whoseToken(token, apiUrl)
    return known.team === team ? known : null
  }
}

/** Asks Slack, which says no where the token is of nobody (any more). */
export const whoseToken = async (token: string, apiUrl?: string): Promise<SlackWorkspace> => {
  const { team_id, user_id } = await clientFor(token, apiUrl).auth.test()
  if (team_id === undefined || user_id === undefined) throw new Error('Slack did not say whose SLACK_BOT_TOKEN is')
  return { team: team_id, token, bot_user: user_id }
}
