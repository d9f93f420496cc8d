import type { Conversation, Members } from '../agent/ports.ts'
import type { Policy } from '../thread/policy.ts'
import { react, say } from './comments.ts'
import { readComment, readPull } from './conversation.ts'
import type { Connect } from './github.ts'
import { createGuard, type GuardOptions } from './guard.ts'
import { forAMinute, readMembership, readPermission } from './members.ts'

/** People and pull requests of the team's repository. */
export const createCollaboration = (
  { policy, ...options }: GuardOptions & { policy: Pick<Policy, 'repository'> },
  connect: Connect,
): Members & Conversation => {
  const { reading } = createGuard(options)
  const repo = () => connect(policy.repository)
  const membership = forAMinute((key) => {
    const [team = '', login = ''] = key.split(' ')
    return reading(async () => readMembership(await repo(), team, login))
  })
  return {
    permission: (login) => reading(async () => readPermission(await repo(), login)),
    isMember: (team, login) => membership(`${team} ${login.toLowerCase()}`),
    pull: (number) => reading(async () => readPull(await repo(), number)),
    comment: (id) => reading(async () => readComment(await repo(), id)),
    say: ({ repository, pull_request }, marker, text) =>
      reading(async () => say(await connect(repository), await connect.self(), pull_request, marker, text)),
    react: (id, reaction) => reading(async () => react(await repo(), id, reaction)),
  }
}
