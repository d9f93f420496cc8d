import type { Conversation, Members } from '../agent/ports.ts'
import type { Policy } from '../thread/policy.ts'
import { repositoriesOf } from '../thread/repositories.ts'
import { react, say, type Written } from './comments.ts'
import { readComment, readPull } from './conversation.ts'
import type { Connect } from './github.ts'
import { createGuard, type GuardOptions } from './guard.ts'
import { forAMinute, readMembership, readPermission } from './members.ts'

/** People and pull requests of the team's repositories. */
export const createCollaboration = (
  { policy, ...options }: GuardOptions & { policy: Pick<Policy, 'repository' | 'services'> },
  connect: Connect,
): Members & Conversation => {
  const { reading } = createGuard(options)
  const written: Written = new Map()
  /** An App acts in an organization through what it may see there. */
  const oneOf = (team: string): string => {
    const [org = ''] = team.toLowerCase().split('/')
    return repositoriesOf(policy).find((name) => name.toLowerCase().startsWith(`${org}/`)) ?? policy.repository
  }
  const membership = forAMinute((key) => {
    const [team = '', login = ''] = key.split(' ')
    return reading(async () => readMembership(await connect(oneOf(team)), team, login))
  })
  return {
    permission: (repository, login) => reading(async () => readPermission(await connect(repository), login)),
    isMember: (team, login) => membership(`${team} ${login.toLowerCase()}`),
    pull: (repository, number) => reading(async () => readPull(await connect(repository), number)),
    comment: (repository, id) => reading(async () => readComment(await connect(repository), id)),
    say: ({ repository, pull_request }, marker, text) =>
      reading(async () =>
        say(await connect(repository), connect.self, { number: pull_request, marker, text }, written),
      ),
    react: (repository, id, reaction) => reading(async () => react(await connect(repository), id, reaction)),
  }
}
