import type { MergedPull } from '../event.ts'
import { Refused } from '../input.ts'
import type { ThreadState } from '../state.ts'
import { soleOf } from './release.ts'

/** What a release that did not go the whole way was about, to begin again with: merges that came too late for it are in other hands. */
export const mergesAgain = (state: ThreadState): [MergedPull, ...MergedPull[]] => {
  const { release } = state
  if (!release) throw new Refused('not_restartable', 'only a release can be begun again; fork this thread instead')
  if (soleOf(state) !== null) throw new Refused('not_restartable', 'this release is under way still')
  if (release.outcome === 'released') throw new Refused('not_restartable', 'this release went the whole way')
  const [first, ...more] = release.merged.filter(({ number }) => release.plan?.pull_requests.includes(number))
  if (!first) throw new Refused('not_restartable', 'this release never began with anything')
  return [first, ...more]
}
