import { setTimeout as sleep } from 'node:timers/promises'
import { editOf } from '../thread/edit.ts'
import { fold } from '../thread/evolve.ts'
import { Refused, type Request } from '../thread/input.ts'
import type { AppDeps } from './deps.ts'

type Respond = Extract<Request, { type: 'respond' }>
type Deps = Pick<AppDeps, 'log' | 'policy' | 'unknownTag'>

// GitHub answers within half a second. When it does not, the tag is looked up by whoever prepares the step, as any other.
const WITHIN_MS = 2_000

/**
 * Refuses an edit to a tag or commit that there is not, while nothing is changed by it: once taken, the question would be gone for a
 * slip of the pen. Whether the edit may be at all is for the door to say, which decides it again.
 */
export const refuseUnknownTag = async (
  id: string,
  asked: Respond,
  { log, policy, unknownTag }: Deps,
): Promise<void> => {
  const { args } = asked
  if (args?.['tag'] === undefined) return
  const state = fold((await log.load(id)).events)
  if (state?.status !== 'awaiting_approval' || state.request.seq !== asked.to) return
  const { target } = editOf({ ...asked, args }, state, policy)
  const why = await Promise.race([unknownTag(target), sleep(WITHIN_MS, null, { ref: false })])
  if (why !== null) throw new Refused('bad_edit', `tag: ${why}`)
}
