import Type from 'typebox'
import { ignored, type Listener, NOT_OURS, ours, partOf, Repository } from './heard.ts'

const RefNews = Type.Object({ ref: Type.String(), repository: Repository })

/**
 * A branch or tag came, moved or went. No thread is woken: one that awaits approval looks at its tag, its commit and what is live when it
 * is approved and again before anything runs, and asks anew where they moved. Waking it would tell nobody anything earlier.
 */
export const refMoved: Listener = async (heard, { policy }) => {
  const { repository } = partOf(RefNews, heard)
  return ours(repository, policy) === null ? NOT_OURS : ignored('looked at again before anything runs')
}
