import type { Outcome } from '../thread/input.ts'
import type { Effect } from '../thread/next.ts'
import type { ThreadState } from '../thread/state.ts'
import type { Ports } from './ports.ts'

type Reach = Extract<Effect, { do: 'launch_child' | 'stop_child' | 'tell_parent' | 'hand_on' }>

/** One call from a thread to another one. Each may be made again after a crash: the other side takes it once. */
export const reachThread = async (effect: Reach, { id, status }: ThreadState, { threads }: Ports): Promise<Outcome> => {
  switch (effect.do) {
    case 'launch_child': {
      const { step, to, actor } = effect
      const { agent, message, context } = step
      const child_id = await threads.launchChild({ agent, message, context, parent: { thread_id: id, seq: to }, actor })
      return { type: 'child_launched', to, child_id, agent }
    }
    case 'stop_child': {
      const { child, gently } = effect
      const reason =
        status === 'cancelled' ? 'what asked for it was cancelled' : 'its release starts again, with newer merges'
      const parent = { thread_id: id, seq: child.seq }
      return {
        type: 'child_stopped',
        to: child.seq,
        ...(await threads.stopChild({ parent, id: child.id, gently, reason })),
      }
    }
    case 'tell_parent':
      await threads.tellParent(effect.parent, effect.end)
      return { type: 'parent_told', to: effect.to }
    case 'hand_on': {
      const thread_id = await threads.handOn(effect.pulls)
      return { type: 'merges_handed_on', thread_id, pull_requests: effect.pulls.map(({ number }) => number) }
    }
  }
}
