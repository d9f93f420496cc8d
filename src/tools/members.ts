import type { Permission } from '../agent/ports.ts'
import { orNull } from './errors.ts'
import type { Repo } from './github.ts'

/** What an account may do. GitHub tells maintainers as `write` and triagers as `read`, and their role beside it. */
export const readPermission = async ({ octokit, owner, repo }: Repo, login: string): Promise<Permission> => {
  const asked = { owner, repo, username: login }
  const found = await orNull(octokit.rest.repos.getCollaboratorPermissionLevel(asked))
  const { role_name, permission } = found?.data ?? { role_name: 'none', permission: 'none' }
  // A role that an organization made up has a name of its own; what it amounts to is in `permission`.
  return ROLES.find((role) => role === role_name) ?? ROLES.find((role) => role === permission) ?? 'none'
}

const ROLES = ['admin', 'maintain', 'write', 'triage', 'read', 'none'] as const satisfies Permission[]

/** Whether the account is in a team (`acme/oncall`); an invitation that was not accepted is none. */
export const readMembership = async ({ octokit }: Repo, team: string, login: string): Promise<boolean> => {
  const [org = '', team_slug = ''] = team.split('/')
  const found = await orNull(octokit.rest.teams.getMembershipForUserInOrg({ org, team_slug, username: login }))
  return found?.data.state === 'active'
}

const GOOD_FOR_MS = 60_000
const MOST = 1_000

/** Answers remembered for a minute; a failure is not. */
export const forAMinute = <T>(ask: (key: string) => Promise<T>, clock = () => performance.now()) => {
  const known = new Map<string, { answer: Promise<T>; until: number }>()
  return (key: string): Promise<T> => {
    const found = known.get(key)
    if (found && clock() < found.until) return found.answer
    const answer = ask(key)
    known.set(key, { answer, until: clock() + GOOD_FOR_MS })
    answer.catch(() => known.delete(key))
    const [oldest] = known.keys()
    if (known.size > MOST && oldest !== undefined) known.delete(oldest)
    return answer
  }
}
