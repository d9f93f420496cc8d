import type { Members } from '../../agent/ports.ts'
import type { Actor } from '../../thread/event.ts'
import type { Policy } from '../../thread/policy.ts'

/**
 * The person of deploybot.yaml who has this account at GitHub, else the first whose team it belongs to. Anybody else may ask, and is
 * nobody who could approve.
 */
export const askerOf = async (login: string, { people }: Policy, members: Members): Promise<Actor> => {
  const all = Object.entries(people)
  const named = all.find(([, { github }]) => github?.toLowerCase() === login.toLowerCase())
  const found = named ?? (await inTeam(login, all, members))
  return found ? { kind: 'person', id: found[0], via: 'github' } : { kind: 'caller', id: login, via: 'github comment' }
}

type Person = [string, Policy['people'][string]]

const inTeam = async (login: string, people: Person[], members: Members): Promise<Person | undefined> => {
  const belongs = await Promise.all(
    people.map(async ([, { github_team: team }]) => team !== undefined && (await members.isMember(team, login))),
  )
  return people.find((_, i) => belongs[i])
}
