import type { Scheduler } from 'fast-check'
import { pino } from 'pino'
import { WriteDoor } from '../../src/agent/door.ts'
import type { Bell, DispatchOrder, DispatchOutcome, Hint, Log, Model, Ports, Tools } from '../../src/agent/ports.ts'
import { rulesOf } from '../../src/agent/rules.ts'
import { runThread } from '../../src/agent/run.ts'
import { Session } from '../../src/agent/session.ts'
import { readConfig } from '../../src/config.ts'
import type { RunReport } from '../../src/thread/event.ts'
import { fold } from '../../src/thread/evolve.ts'
import { Refused } from '../../src/thread/input.ts'
import { openQuestion } from '../../src/thread/state.ts'
import { facts as shipped } from '../thread/spec.ts'
import { lanesOf, logOf, Reference } from './reference.ts'

export interface Choices {
  answers: [boolean, boolean]
  lost: boolean
  hidden: number
  words: boolean
  expires: boolean
  zombie: 'zombie' | 'one' | null
}

const { policy } = readConfig({})
const rules = rulesOf(policy)
const logger = pino({ level: 'silent' })
const silent: Bell = { ring: () => {}, listen: () => () => {} }
const call = { model: 'm', prompt_hash: 'h', input_tokens: 0, output_tokens: 0, ms: 0 }
const LATER = '2999-01-01T00:00:00.000Z'
const ROUNDS = 40
const never = new AbortController().signal

/** One thread, and all who act on it at once. Every call into the store or the world happens when the scheduler says so. */
export class World {
  readonly dispatched: string[] = []
  /** What became of each webhook. */
  readonly hints: Hint[] = []
  /** Errors that nobody should see. */
  readonly surprises: unknown[] = []
  readonly #reference = new Reference()
  readonly #scheduler: Scheduler
  readonly #choices: Choices
  #id = ''
  /** How often GitHub still does not show the run. */
  #hidden: number

  constructor(scheduler: Scheduler, choices: Choices) {
    this.#scheduler = scheduler
    this.#choices = choices
    this.#hidden = choices.hidden
  }

  async play(): Promise<void> {
    const { words, expires, zombie } = this.#choices
    const launched = await this.#door(logOf(this.#reference, 'http')).launch({
      type: 'launch',
      agent: 'deploy',
      message: 'deploy backend v1.2.3 to production',
      actor: { kind: 'person', id: 'dev' },
    })
    this.#id = launched[0]?.thread_id ?? ''
    const actors = [
      this.#worker('one'),
      this.#worker('two'),
      this.#clock(1_000),
      this.#webhook(),
      this.#webhook(),
      this.#person('lead', 0),
      this.#person('oncall', 1),
    ]
    if (words) actors.push(this.#speaker())
    if (expires) actors.push(this.#time())
    if (zombie) actors.push(this.#zombie(zombie))
    await this.#scheduler.waitFor(Promise.all(actors))
    // Long after: what was looked for in vain has become a question.
    await this.#scheduler.waitFor(Promise.all([this.#worker('one'), this.#clock(60_000)]))
  }

  thread() {
    const events = this.#reference.logs.get(this.#id) ?? []
    const state = fold(events)
    if (!state) throw new Error('no thread')
    return { events, state }
  }

  /** Claims what is due and goes on with it until it rests, a bounded number of times. */
  async #worker(owner: string): Promise<void> {
    for (let round = 0; round < ROUNDS; round++) {
      await this.#tick(`${owner} looks for work`)
      for (const _ of this.#reference.claim(owner)) await this.#work(owner)
    }
  }

  /** Was taken for dead, and does not know: it works on what it does not own. */
  async #zombie(owner: string): Promise<void> {
    await this.#tick('the zombie wakes')
    await this.#work(owner)
  }

  async #work(owner: string): Promise<void> {
    const log = this.#scheduled(logOf(this.#reference, owner))
    try {
      const { events } = await log.load(this.#id)
      const state = fold(events)
      if (!state) return
      const session = new Session({ events, state }, { log, bell: silent, rules, logger })
      await runThread(session, { ports: this.#ports(), policy, logger, now: log.now }, never)
    } catch (error) {
      this.surprises.push(error)
    }
  }

  async #person(id: string, which: 0 | 1): Promise<void> {
    const door = this.#door(this.#scheduled(logOf(this.#reference, 'http')))
    for (let round = 0; round < ROUNDS; round++) {
      await this.#tick(`${id} looks`)
      const { state } = this.thread()
      const to = openQuestion(state)
      if (to === null || state.status !== 'awaiting_approval') continue
      const approved = this.#choices.answers[which]
      await this.#allowed(() => door.handle(this.#id, { type: 'respond', to, approved, actor: { kind: 'person', id } }))
    }
  }

  /** GitHub says that something moved: the same delivery, twice. */
  async #webhook(): Promise<void> {
    await this.#tick('a webhook comes')
    const door = this.#door(this.#scheduled(logOf(this.#reference, 'http')))
    const delivery = { source: 'github', id: 'd1', body_hash: 'h', answer: { status: 200, body: {} } }
    await this.#allowed(async () => this.hints.push(await door.hint(this.#id, delivery)))
  }

  async #speaker(): Promise<void> {
    await this.#tick('somebody speaks')
    const door = this.#door(this.#scheduled(logOf(this.#reference, 'http')))
    const actor = { kind: 'person', id: 'dev' } as const
    await this.#allowed(() => door.handle(this.#id, { type: 'message', message: 'hurry', actor }))
  }

  /** Whoever waits a moment is woken. */
  async #clock(stepMs: number): Promise<void> {
    for (let round = 0; round < ROUNDS; round++) {
      await this.#tick('a moment passes')
      this.#reference.pass(new Date(Date.parse(this.#reference.now) + stepMs).toISOString())
    }
  }

  async #time(): Promise<void> {
    await this.#tick('time passes')
    this.#reference.pass(LATER)
  }

  /** A person may be refused (somebody was quicker), and nothing else may happen to them. */
  async #allowed(act: () => Promise<unknown>): Promise<void> {
    try {
      await act()
    } catch (error) {
      if (!(error instanceof Refused)) this.surprises.push(error)
    }
  }

  #tick(what: string): Promise<void> {
    return this.#scheduler.schedule(Promise.resolve(), what)
  }

  /** Happens when the scheduler says so, and is heard of when it says so again. */
  #later<A extends unknown[], R>(name: string, call: (...args: A) => Promise<R>): (...args: A) => Promise<R> {
    return async (...args) => {
      await this.#tick(name)
      const result = await call(...args).then(
        (value) => () => value,
        (error: unknown) => () => {
          throw error
        },
      )
      await this.#tick(`${name} is answered`)
      return result()
    }
  }

  #door(log: Log): WriteDoor {
    return new WriteDoor({ log, bell: silent, rules, hasRoom: () => false })
  }

  #scheduled(log: Log): Log {
    return {
      ...log,
      load: this.#later('load', log.load),
      append: this.#later('append', log.append),
    }
  }

  #ports(): Ports {
    const tools: Tools = {
      read: this.#later('read', async ({ intent }) =>
        intent === 'list_git_tags'
          ? { intent, data: { tags: [], more: false } }
          : { intent: 'check_deployment_status' as const, data: { live: [] } },
      ),
      openRuns: async () => [],
      prepare: this.#later('prepare', async () => shipped()),
      dispatch: this.#later('dispatch', async ({ dispatch_id }) => this.#dispatch(dispatch_id)),
      verify: this.#later('verify', async (order) => this.#find(order)),
      cancelRun: this.#later('cancelRun', async () => ({ accepted: true, message: '' })),
    }
    const next: Model['next'] = this.#later('model', async ({ thread }) => this.#select(thread))
    const channel = { name: 'none', deliver: async () => ({ ok: true }) }
    const lanes = lanesOf(this.#reference)
    return { tools, model: { next } as Model, channel, lanes, threads: {} as Ports['threads'] }
  }

  /** Notes in its step how many people's words it has seen. */
  #select(thread: string) {
    const over = /<(deploy_backend_result|approval_denied|approval_expired)>/.test(thread)
    const step = over
      ? ({ intent: 'done_for_now', message: 'done' } as const)
      : ({
          intent: 'deploy_backend',
          tag: `words ${thread.split('<message>').length - 1}`,
          environment: 'production',
        } as const)
    return { ok: true, step, call } as const
  }

  #dispatch(dispatch_id: string): DispatchOutcome {
    this.dispatched.push(dispatch_id)
    if (this.#choices.lost) return { outcome: 'unclear', reason: 'no answer' }
    return { outcome: 'accepted', run_id: 1, html_url: null }
  }

  /** GitHub shows a run only after a while; and only one that was started. */
  #find({ dispatch_id }: DispatchOrder): RunReport | null {
    if (!this.dispatched.includes(dispatch_id) || this.#hidden-- > 0) return null
    return { dispatch_id, run_id: 1, attempt: 1, status: 'completed', conclusion: 'success', html_url: '' }
  }
}
