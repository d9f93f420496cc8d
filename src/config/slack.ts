import type { Environment } from './environment.ts'

export interface SlackConfig {
  signingSecret: string
  /** The token of the one workspace; null: workspaces install us themselves. */
  botToken: string | null
  /** What workspaces install; null: the one token is all. */
  app: { clientId: string; clientSecret: string } | null
  /** Another place than slack.com, for stand-ins. */
  apiUrl: string | null
}

const ALL = ['SLACK_BOT_TOKEN', 'SLACK_SIGNING_SECRET', 'SLACK_CLIENT_ID', 'SLACK_CLIENT_SECRET', 'SLACK_API_URL']

/** Null: Slack is off. Half of a set-up refuses the start: a bot that speaks and cannot hear would ask and never be answered. */
export const readSlack = (env: Environment): SlackConfig | null => {
  const signingSecret = env.matching('SLACK_SIGNING_SECRET', /^.{16,}$/s, 'at least 16 characters')
  const botToken = env.matching('SLACK_BOT_TOKEN', /^xoxb-\S+$/, 'a bot token, which begins with xoxb-')
  const app = readApp(env)
  const apiUrl = env.url('SLACK_API_URL', ['http:', 'https:'])
  const given = ALL.filter((name) => env.text(name) !== null)
  if (given.length === 0) return null
  if (
    env.text('SLACK_BOT_TOKEN') === null &&
    env.text('SLACK_CLIENT_ID') === null &&
    env.text('SLACK_CLIENT_SECRET') === null
  ) {
    return env.refuse(given[0] ?? '', 'is set, but neither SLACK_BOT_TOKEN nor SLACK_CLIENT_ID is')
  }
  if (signingSecret === null) {
    // Given and wrong, it is refused already.
    if (env.text('SLACK_SIGNING_SECRET') !== null) return null
    return env.refuse(
      'SLACK_SIGNING_SECRET',
      'is missing: without it a click could come from anybody (it stands under Basic Information of the Slack app)',
    )
  }
  return { signingSecret, botToken, app, apiUrl }
}

const readApp = (env: Environment): SlackConfig['app'] => {
  const clientId = env.matching('SLACK_CLIENT_ID', /^\d+\.\d+$/, 'two numbers with a dot, as the Slack app shows it')
  const clientSecret = env.matching('SLACK_CLIENT_SECRET', /^.{16,}$/s, 'at least 16 characters')
  const [hasId, hasSecret] = [env.text('SLACK_CLIENT_ID') !== null, env.text('SLACK_CLIENT_SECRET') !== null]
  if (hasId && !hasSecret) return env.refuse('SLACK_CLIENT_SECRET', 'is missing beside SLACK_CLIENT_ID')
  if (hasSecret && !hasId) return env.refuse('SLACK_CLIENT_ID', 'is missing beside SLACK_CLIENT_SECRET')
  return clientId !== null && clientSecret !== null ? { clientId, clientSecret } : null
}
