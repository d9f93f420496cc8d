import { notItsStep } from './agents.ts'
import type { At } from './decide.ts'
import { opinionOf } from './doubt.ts'
import { outOfMoney } from './escalate.ts'
import type { Actor, NewEvent, Opinion, ReadResult } from './event.ts'
import { frozenAt } from './freeze.ts'
import type { Outcome } from './input.ts'
import { Refused } from './input.ts'
import { retryAt } from './outage.ts'
import { isWrite, type Policy } from './policy.ts'
import type { Rules } from './rules.ts'
import type { ThreadState } from './state.ts'
import type { Step } from './step.ts'
import { targetOf } from './target.ts'

type Came<T extends Outcome['type']> = At<Extract<Outcome, { type: T }>>

const code: Actor = { kind: 'code' }
const LONGEST_WAIT_SECONDS = 7 * 24 * 3600

/** Facts fetched beforehand read like the results of the tools that would have fetched them. */
export const factsFetched = ({ results, at }: Came<'facts_fetched'>, state: ThreadState, rules: Rules): NewEvent[] => {
  if (!free(state) || !state.facts_stale) return []
  return results.map((result) => found(result, at, rules))
}

const found = (result: ReadResult, at: string, { policy }: Rules): NewEvent => {
  const { intent, data } = withFreezes(result, at, policy)
  return { type: `${intent}_result`, data, actor: code } as NewEvent
}

/** What is frozen is known here, by the database's time. */
const withFreezes = (result: ReadResult, at: string, { environments }: Policy): ReadResult => {
  if (result.intent !== 'check_deployment_status') return result
  const frozen = Object.entries(environments).flatMap(([environment, { freeze = [] }]) => {
    const now = frozenAt(at, freeze)
    return now ? [{ environment, reason: now.reason, until: now.until }] : []
  })
  return frozen.length === 0 ? result : { intent: result.intent, data: { ...result.data, frozen } }
}

export const factsFailed = (input: Came<'facts_failed'>, state: ThreadState): NewEvent[] =>
  free(state) ? [failure(input, code, state)] : []

const free = (state: ThreadState): boolean => state.status === 'running' && state.pending === null

/** The model's choice is only an event. What it may not choose becomes an error that it sees. */
export const stepSelected = (input: Came<'step_selected'>, state: ThreadState, rules: Rules): NewEvent[] => {
  // It was selected without the newest human words, or after the thread had ended: drop it, ask again.
  if (!free(state) || input.seen < state.last_words) throw new Refused('stale', 'the thread moved on meanwhile')
  const actor: Actor = { kind: 'model', ...input.call }
  const wrong = foreign(input.step, state.agent) ?? faultIn(input.step, rules)
  if (!wrong) return [{ type: input.step.intent, data: input.step, actor } as NewEvent]
  return [{ type: 'error', data: wrong, actor }]
}

/** The model's port reads a reply as one of its agent's steps; here the rule holds whatever a port lets through. */
const foreign = ({ intent }: Step, agent: string): { code: string; message: string } | null => {
  const message = notItsStep(intent, agent)
  return message === null ? null : { code: 'not_its_step', message }
}

const faultIn = (step: Step, { policy }: Rules): { code: string; message: string; nearest?: string[] } | null => {
  if (isWrite(step)) {
    const target = targetOf(step, policy)
    return 'unknown' in target ? { code: target.code, message: target.unknown, nearest: target.nearest } : null
  }
  if (step.intent === 'wait' && !(step.seconds >= 1 && step.seconds <= LONGEST_WAIT_SECONDS)) {
    return { code: 'bad_wait', message: `wait between 1 and ${LONGEST_WAIT_SECONDS} seconds` }
  }
  if (step.intent === 'request_human_input') {
    const { format, choices } = step.options
    if (format === 'multiple_choice' && choices.length < 2) {
      return { code: 'bad_question', message: 'multiple_choice needs at least two choices' }
    }
  }
  return null
}

export const modelFailed = (input: Came<'model_failed'>, state: ThreadState): NewEvent[] => {
  if (!free(state)) return []
  if (input.code === 'spend_limit') return [outOfMoney(input.message)]
  return [failure(input, { kind: 'model', ...input.call }, state)]
}

export const toolReturned = (
  { to, result, at }: Came<'tool_returned'>,
  state: ThreadState,
  rules: Rules,
): NewEvent[] => {
  if (state.status !== 'running' || state.pending?.do !== 'read' || state.pending.seq !== to) return []
  return [found(result, at, rules)]
}

export const toolFailed = (input: Came<'tool_failed'>, state: ThreadState): NewEvent[] =>
  isPending(state, input.to) ? [failure(input, code, state)] : []

const isPending = (state: ThreadState, to: number): boolean => {
  if (state.status !== 'running' || state.pending === null) return false
  switch (state.pending.do) {
    case 'read':
    case 'prepare':
      return state.pending.seq === to
    case 'recheck':
      return state.pending.proposal.to === to
    case 'dispatch':
    case 'delegate':
    case 'stop_child':
      return false
  }
}

interface Failure extends Opinion {
  at: string
  code: string
  message: string
  to?: number
  nearest?: string[]
  retry_after_ms?: number
}

const failure = (input: Failure, actor: Actor, state: ThreadState): NewEvent => {
  const { at, code, message, to, nearest, retry_after_ms } = input
  const data = {
    code,
    message,
    ...(to === undefined ? {} : { to }),
    ...(nearest?.length ? { nearest } : {}),
    ...(retry_after_ms === undefined ? {} : { retry_at: retryAt(at, retry_after_ms, state) }),
    ...opinionOf(input),
  }
  return { type: 'error', data, actor }
}
