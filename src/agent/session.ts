import { proceed } from '../thread/decide.ts'
import { deploymentsIn } from '../thread/deployments.ts'
import type { Event } from '../thread/event.ts'
import { fold } from '../thread/evolve.ts'
import { indexRow, sameRow } from '../thread/index-row.ts'
import type { Outcome } from '../thread/input.ts'
import { Refused } from '../thread/input.ts'
import type { Policy } from '../thread/policy.ts'
import { renderPrompt, windowOn } from '../thread/prompt.ts'
import type { Rules } from '../thread/rules.ts'
import type { ThreadState } from '../thread/state.ts'
import { OwnIntent } from './own-intent.ts'
import type { Logger, Prompt, Watch } from './ports.ts'
import { type Append, type Bell, Busy, Conflict, type Held, type Log } from './ports.ts'
import type { Recent } from './recent.ts'

export interface SessionDeps {
  log: Log
  bell: Bell
  rules: Rules
  logger: Logger
  watch?: Watch
  recent?: Recent
}

// Long past for every database clock: due at once.
const NOW = new Date(0).toISOString()

// A look at the database takes less. What a crash loses meanwhile was only read, and is read again.
const PATIENCE_MS = 5

/**
 * One thread in the hands of its owner. What comes back from an effect is decided at once and committed behind the next effect, in
 * order: looking something up twice after a crash harms nobody. What must not happen before its reason is committed waits for
 * `settled`. Where another writer was first, everything not yet committed is decided again on what the log says now.
 */
export class Session {
  readonly id: string
  /** All events, those not yet committed too. */
  readonly events: Event[]
  state: ThreadState
  readonly #intent = new OwnIntent()
  readonly #deps: SessionDeps
  #committed: number
  /** When the oldest event came that is not committed. */
  #waitsSince = 0
  /** The state after the committed events. */
  #base: ThreadState
  #waiting: Outcome[] = []
  #flight: Promise<boolean> | null = null
  #window: Held['window']

  constructor({ events, state, window }: Held, deps: SessionDeps) {
    this.id = state.id
    this.events = [...events]
    this.state = state
    this.#base = state
    this.#window = window
    this.#committed = events.length
    this.#deps = deps
  }

  /** Whether this session wrote that intent, a moment ago. */
  owns(started: number): boolean {
    return this.#intent.is(started)
  }

  /** Whether this session decided on that intent: committed by itself a moment ago, or not committed yet. */
  intends(started: number): boolean {
    return started > this.#committed || this.owns(started)
  }

  get isSettled(): boolean {
    return this.#committed === this.events.length && this.#flight === null
  }

  /** For how many ms more it may be waited with what is not committed, so that it is committed together with what comes of it. */
  get patience(): number {
    return Math.max(0, this.#waitsSince + PATIENCE_MS - performance.now())
  }

  /** Decides what an outcome means. What the thread no longer wants (it moved on meanwhile) is dropped. */
  async take(outcome: Outcome): Promise<void> {
    const at = await this.#deps.log.now()
    this.#decide(outcome, at)
  }

  /** What the model is shown. What a call saw is rendered once. */
  prompt(policy: Policy): Prompt {
    this.#window = windowOn(this.events, policy, this.#window)
    return renderPrompt(this.events, policy, this.#window)
  }

  /** Begins to commit what is not committed, and does not wait for it; a failure is thrown by `settled` or `rest`. */
  flush(): void {
    if (this.#flight !== null || this.#committed === this.events.length) return
    const flight = this.#commit('keep', null)
    this.#flight = flight
    const clear = (): void => {
      this.#flight = null
    }
    // A failure stays, for whoever waits for it next.
    flight.then(clear, () => {})
  }

  /** Resolves when all is committed. Throws where the database does not answer: then nobody knows how much was. */
  async settled(): Promise<void> {
    while (!this.isSettled) {
      this.flush()
      await this.#flight
    }
  }

  /**
   * Commits what is left and lets go, in one. `until` was found for the state `given`: where a commit that was under way has changed it,
   * letting go until then might be for ever. False: something came meanwhile, so the thread is still ours to go on with.
   */
  async rest(until: string | null, given: ThreadState = this.state): Promise<boolean> {
    await this.#flight
    return this.state === given && this.#commit('release', until)
  }

  /** Commits what is left and lets go in any case; the thread is due at once, for anybody. */
  async drop(): Promise<void> {
    await this.#flight
    while (!(await this.#commit('drop', NOW)));
  }

  #decide(outcome: Outcome, at: string): void {
    const { rules, logger } = this.#deps
    try {
      const { events, state } = proceed({ ...outcome, at }, this.state, rules)
      if (events.length === 0) return
      if (this.#waiting.length === 0) this.#waitsSince = performance.now()
      this.state = state
      this.events.push(...events)
      this.#waiting.push(outcome)
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      logger.info({ thread_id: this.id, seq: this.events.length, code: error.code }, `${outcome.type} dropped`)
    }
  }

  /** False: it was not committed, as others wrote first, or not let go. Then what we know is what the log says now. */
  async #commit(hold: Append['hold'], until: string | null): Promise<boolean> {
    const { state } = this
    const before = this.#base
    const events = this.events.slice(this.#committed)
    const outcomes = this.#waiting.length
    const row = indexRow(state)
    const index = sameRow(row, indexRow(before)) ? null : row
    const deployments = deploymentsIn(this.events, this.#committed, state)
    const append = { thread_id: this.id, expected_version: this.#committed, events, index, hold, until, deployments }
    try {
      const { mine } = await this.#deps.log.append(append)
      this.#base = state
      this.#committed += events.length
      this.#waiting.splice(0, outcomes)
      this.#intent.committed(events)
      if (events.length > 0) this.#tell(before, state, events)
      if (hold === 'keep') return true
      if (!mine) {
        this.#deps.recent?.keep({ events: this.events, state, window: this.#window })
        return true
      }
    } catch (error) {
      if (error instanceof Busy) this.#forgetFacts()
      else if (!(error instanceof Conflict)) throw error
    }
    await this.#catchUp()
    return false
  }

  #tell(before: ThreadState, after: ThreadState, events: Event[]): void {
    const { bell, watch } = this.#deps
    bell.ring({ thread_id: this.id, news: 'changed' })
    watch?.({ before, after, events, log: this.events })
  }

  /**
   * Another thread was quicker to start where this one was about to: what was decided on facts from before that is dropped. They are read
   * anew, and say who is there now. Each such round somebody else has started, so it ends.
   */
  #forgetFacts(): void {
    this.#waiting = this.#waiting.filter(({ type }) => type !== 'prepared')
  }

  /** Reads what others wrote, and decides again on what is not committed. */
  async #catchUp(): Promise<void> {
    const { events, now } = await this.#deps.log.load(this.id, this.#committed)
    const again = this.#waiting.splice(0)
    // It may show what was not committed, and stands there no more.
    this.#window = undefined
    this.events.splice(this.#committed, this.events.length, ...events)
    this.#committed += events.length
    this.state = fold(events, this.#base) ?? this.#base
    this.#base = this.state
    for (const outcome of again) this.#decide(outcome, now)
  }
}
