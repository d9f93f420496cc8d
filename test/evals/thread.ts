import { decide, place } from '../../src/thread/decide.ts'
import type { Event, Json, ReadResult } from '../../src/thread/event.ts'
import { fold } from '../../src/thread/evolve.ts'
import type { Input } from '../../src/thread/input.ts'
import type { Rules } from '../../src/thread/rules.ts'
import type { ThreadState } from '../../src/thread/state.ts'
import type { Step } from '../../src/thread/step.ts'
import { after } from '../../src/thread/time.ts'
import { responds, rules, runIs, START, said, selected, THREAD } from '../thread/spec.ts'
import { answerTo, DAY, deployed, usual, type World } from './world.ts'

/** One thing that happens in a thread, or a change of what the world answers from then on. */
export type Move = Input | ((state: ThreadState) => Input) | { world: Partial<World> }

export const world = (change: Partial<World>): Move => ({ world: change })
/** The step that the model chose then. */
export const chose = (step: Step): Move => selected(step)
export const says = (message: string, by = 'dev'): Move => said(message, by)
export const answers = (response: string): Move => responds('dev', { response })
export const picks = (choice: string): Move => responds('dev', { choice })
export const ends = (conclusion: string, more: Parameters<typeof runIs>[3] = {}): Move =>
  runIs('completed', conclusion, 1, more)
/** What a read tool found: of the step that the model chose just before. */
export const found =
  (result: ReadResult): Move =>
  (state) => ({ type: 'tool_returned', to: state.version, result })
/** Nobody answers for days. */
export const expires: Move = { type: 'timer' }

/** Everything up to the moment at which the model is asked: facts are fetched, steps prepared and dispatched as the world has it. */
export const threadOf = (launch: Input, moves: readonly Move[], start: Partial<World> = {}): Event[] => {
  let now: World = { ...usual, ...start }
  let events: Event[] = []
  let state: ThreadState | null = null
  const take = (input: Input): void => {
    const by: Rules = { ...rules, policy: now.policy }
    const at = after(START, events.length + (input.type === 'timer' ? 2 * DAY : 0))
    const more = place(decide({ ...input, at }, state, by), THREAD, events.length, at)
    events = [...events, ...more]
    state = fold(more, state)
    now = { ...now, live: more.reduce(deployed, now.live) }
  }
  const settle = (): void => {
    for (let input = answerTo(state, now); input; input = answerTo(state, now)) take(input)
  }
  take(launch)
  settle()
  for (const move of moves) {
    if ('world' in move) now = { ...now, ...move.world }
    else take(typeof move === 'function' ? move(state as unknown as ThreadState) : move)
    settle()
  }
  return events
}

export const launch = (message: string, agent: 'deploy' | 'rollback' = 'deploy', by = 'dev'): Input => ({
  type: 'launch',
  agent,
  message,
  actor: { kind: 'person', id: by },
})

/** Code launches a thread, and says in its context what it is about. */
export const launchedByCode = (message: string, context: Json, agent: 'deploy' | 'rollback' = 'deploy'): Input => ({
  type: 'launch',
  agent,
  message,
  context,
  actor: { kind: 'code' },
})
