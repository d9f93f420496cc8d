import type { Pool } from 'pg'
import type { SlackWorkspace, SlackWorkspaces } from '../agent/ports.ts'
import { createSeal } from './seal.ts'

const KNOWN_MS = 60_000

interface Row {
  bot_user: string
  sealed_token: Buffer
}

/**
 * Workspaces that installed the Slack app. What was found is known for a minute: a click is to be taken while the database is slow. In
 * another process a workspace that left is so for a minute too, and there Slack itself refuses its token.
 */
export const createSlackWorkspaces = (pool: Pool, secret: string): SlackWorkspaces => {
  const { seal, open } = createSeal(secret, 'slack token')
  const known = new Map<string, { workspace: SlackWorkspace; until: number }>()

  return {
    find: async (team) => {
      const before = known.get(team)
      if (before && performance.now() < before.until) return before.workspace
      const { rows } = await pool.query<Row>({
        name: 'find_slack_workspace',
        text: 'select bot_user, sealed_token from slack_workspaces where team = $1',
        values: [team],
      })
      const [row] = rows
      const token = row ? open(row.sealed_token, team) : null
      // Sealed with another secret it cannot be used: the same as if it were not there.
      if (!row || token === null) return null
      const workspace = { team, token, bot_user: row.bot_user }
      known.set(team, { workspace, until: performance.now() + KNOWN_MS })
      return workspace
    },

    save: async ({ team, token, bot_user, name }) => {
      await pool.query({
        text: `insert into slack_workspaces (team, name, bot_user, sealed_token) values ($1, $2, $3, $4)
          on conflict (team) do update set name = excluded.name, bot_user = excluded.bot_user,
            sealed_token = excluded.sealed_token, installed_at = now()`,
        values: [team, name, bot_user, seal(token, team)],
      })
      known.delete(team)
    },

    remove: async (team) => {
      await pool.query({ text: 'delete from slack_workspaces where team = $1', values: [team] })
      known.delete(team)
    },
  }
}
