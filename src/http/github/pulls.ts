import Type from 'typebox'
import { releasedRepositories } from '../../thread/repositories.ts'
import { askGitHub } from './ask.ts'
import { Id, ignored, type Listener, NOT_OURS, ours, partOf, Repository } from './heard.ts'

const PullNews = Type.Object({
  action: Type.String(),
  pull_request: Type.Object({
    number: Id,
    merged: Type.Optional(Type.Union([Type.Boolean(), Type.Null()])),
    base: Type.Object({ ref: Type.String() }),
  }),
  repository: Repository,
})

/**
 * A merge into the branch that is released sets a release going. Which merge that was is read from the API, and the release takes it once by what
 * it is: however often, by whichever hook and under whatever delivery id it is told. Should this be lost, the sweep for merges finds it.
 */
export const pullRequest: Listener = async (heard, { policy, releases }) => {
  const { action, pull_request: hint, repository: named } = partOf(PullNews, heard)
  const repository = ours(named, policy)
  if (repository === null) return NOT_OURS
  if (action !== 'closed' || hint.merged !== true) return ignored('only a merge sets something going')
  if (!policy.release) return ignored('no release is configured')
  if (hint.base.ref !== policy.release.branch) return ignored('nothing is released from that branch')
  if (!releasedRepositories(policy).includes(repository)) return ignored('nothing is released from that repository')
  const thread_id = await askGitHub(() => releases.merged(repository, hint.number))
  if (thread_id === null) return ignored('GitHub knows of no such merge')
  heard.log.info({ thread_id, delivery_id: heard.delivery, pull_request: hint.number }, 'pull request merged')
  return { ok: true }
}
