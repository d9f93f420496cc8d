import type { Block, Facts } from './event.ts'
import { endInWords, frozenAt } from './freeze.ts'
import { covers, type HeldLock } from './lane.ts'
import { environmentPolicy, type Policy } from './policy.ts'
import type { WriteIntent } from './step.ts'

/** What there is to be judged, and when: by the database's time. */
export interface Situation {
  intent: WriteIntent
  facts: Facts
  locks: readonly HeldLock[]
  at: string
}

/** Everything that stands against a deployment, whoever approves it; what nobody may override comes first. */
export const blocksOf = ({ intent, facts, locks, at }: Situation, policy: Policy): Block[] =>
  [...lockedBy(locks, facts, isWayBack(intent, facts)), frozen(facts, at, policy), stageMissing(facts)].filter(
    (block) => block !== null,
  )

/** Named people may go ahead in spite of these: a lock is lifted by unlocking it, and by nothing else. */
export const mayBeOverridden = (blocks: readonly Block[]): boolean => blocks.every(({ code }) => code !== 'locked')

/** In words, all of them. */
export const inWords = (blocks: readonly Block[]): string => blocks.map(({ message }) => message).join('; ')

/** A rollback further back is what a rollback's own lock does not stand against: it only keeps the bad version away. */
const isWayBack = (intent: WriteIntent, { direction }: Facts): boolean =>
  intent === 'rollback' && direction === 'backward'

const lockedBy = (locks: readonly HeldLock[], facts: Facts, wayBack: boolean): Block[] =>
  locks
    .filter((lock) => covers(lock, facts) && !(wayBack && lock.by === null))
    .map(({ service, environment, reason, by, until, thread_id }) => {
      const what = service === null ? `all of ${environment}` : `${service} on ${environment}`
      const who = by === null ? '' : ` by ${by}`
      const end = until === null ? 'until a person unlocks it' : `until ${until}`
      const message = `${what} is locked${who} ${end} (thread ${thread_id}): ${reason}`
      return { code: 'locked', message, ...(until === null ? {} : { until }) }
    })

const frozen = ({ environment }: Facts, at: string, policy: Policy): Block | null => {
  const freeze = frozenAt(at, environmentPolicy(policy, environment).freeze ?? [])
  if (!freeze) return null
  const message = `${environment} is frozen ${endInWords(freeze)}: ${freeze.reason}`
  return { code: 'frozen', message, ...(freeze.until === null ? {} : { until: freeze.until }) }
}

const stageMissing = ({ tag, sha, service, stage, environment }: Facts): Block | null => {
  if (!stage || stage.succeeded) return null
  const message = `${service} ${tag} (${sha.slice(0, 7)}) has not succeeded on ${stage.environment}, which must come before ${environment}`
  return { code: 'stage_missing', message }
}
