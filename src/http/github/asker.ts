import type { Members } from '../../agent/ports.ts'
import { whoIs } from '../../thread/contact/who.ts'
import type { Actor } from '../../thread/event.ts'
import type { Policy } from '../../thread/policy.ts'

/**
 * The person of deploybot.yaml who has this account at GitHub, else the first whose team it belongs to. Anybody else may ask, and is
 * nobody who could approve.
 */
export const askerOf = async (login: string, policy: Policy, members: Members): Promise<Actor> => {
  const id = whoIs({ github: login }, policy) ?? (await inTeam(login, policy, members))
  return id === null ? { kind: 'caller', id: login, via: 'github comment' } : { kind: 'person', id, via: 'github' }
}

const inTeam = async (login: string, { people }: Policy, members: Members): Promise<string | null> => {
  const all = Object.entries(people)
  const belongs = await Promise.all(
    all.map(async ([, { github_team: team }]) => team !== undefined && (await members.isMember(team, login))),
  )
  return all.find((_, i) => belongs[i])?.[0] ?? null
}
