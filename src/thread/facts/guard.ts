/** A thread that has a dispatch in flight where another wants to deploy. */
export interface Holder {
  thread_id: string
  title: string
}

/** A thread, and where a dispatch of it is in flight. */
export interface Deploying extends Holder {
  service: string
  environment: string
}

/** Why something may not be deployed, whoever approves. `locked` is lifted by unlocking; the others may be overridden by named people. */
export interface Block {
  code: 'stage_missing' | 'frozen' | 'locked'
  message: string
  until?: string
}

/** `service` null: every service of the environment. `by` null: a rollback, that is code. `until` null: until a person unlocks it. */
export interface Lock {
  service: string | null
  environment: string
  reason: string
  by: string | null
  since: string
  until: string | null
}

/** What keeps deployments apart, or away. */
export type GuardFact =
  | { type: 'turn_awaited'; data: { to: number; service: string; environment: string; held_by: Holder; until: string } }
  | { type: 'glass_broken'; data: { to: number; by: string; reason: string; blocked: Block[] } }
  | {
      type: 'environment_locked'
      data: { service: string | null; environment: string; reason: string; until: string | null }
    }
  | { type: 'environment_unlocked'; data: { service: string | null; environment: string; reason: string } }
