import { blocksOf, inWords, mayBeOverridden } from './blocks.ts'
import type { At } from './decide.ts'
import type { Block, Facts, NewEvent } from './event.ts'
import type { Outcome } from './input.ts'
import { isOwnRun } from './lane.ts'
import { environmentPolicy } from './policy.ts'
import type { Rules } from './rules.ts'
import type { WriteStep } from './step.ts'

/** `stop`: it may not be, whoever approves. `blocked`: it may be, if somebody who is named for it overrides these. */
interface Judgement {
  stop: NewEvent | null
  blocked: Block[]
}

/** What policy says to these facts now. */
export const judge = (
  { intent }: WriteStep,
  { to, facts, lane, at }: At<Extract<Outcome, { type: 'prepared' }>>,
  { policy }: Rules,
): Judgement => {
  const stop = (code: string, message: string): Judgement => ({
    stop: { type: 'error', data: { code, message, to }, actor: { kind: 'code' } },
    blocked: [],
  })
  // Tests change nothing: nothing stands against them but somebody else in their place. A run of ours was judged when it was started.
  if (intent === 'run_tests' || isOwnRun(facts)) return { stop: null, blocked: [] }
  if (facts.direction === 'backward' && intent !== 'rollback') return stop('goes_backward', older(facts))
  const blocked = blocksOf({ intent, facts, locks: lane.locks, at }, policy)
  const [first] = blocked
  if (!first) return { stop: null, blocked }
  const { break_glass = [] } = environmentPolicy(policy, facts.environment)
  if (break_glass.length > 0 && mayBeOverridden(blocked)) return { stop: null, blocked }
  return stop(first.code, inWords(blocked))
}

const older = ({ tag, live }: Facts): string =>
  `${tag} is older than what is live (${live?.tag ?? live?.sha.slice(0, 7)}): propose rollback, and say so`
