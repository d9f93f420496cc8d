import type { Event, Holder } from './event.ts'
import { fold } from './evolve.ts'
import type { Offer } from './release/release.ts'
import type { Approval, ApprovalRequest, Child, Question, RunInFlight, ThreadState, Turn } from './state.ts'

/** What a thread waits for, with everything that a client needs to answer it. */
export type WaitingFor =
  | ({ kind: 'approval'; approved_by: string[] } & Omit<ApprovalRequest, 'step' | 'to'> & {
        args: Record<string, string>
      })
  | {
      kind: 'human_input'
      seq: number
      question: string
      context: string
      options: Question['options']
      reason: string
    }
  | { kind: 'run'; seq: number; dispatch_id: string; run_id: number | null; status: string; html_url: string | null }
  | { kind: 'timer'; seq: number; until: string; reason: string }
  | { kind: 'thread'; seq: number; thread_id: string | null; agent: string }
  | { kind: 'turn'; seq: number; service: string; environment: string; held_by: Holder; until: string }

/** The body of GET /threads/:id. */
export interface ThreadView {
  id: string
  agent: string
  title: string
  status: ThreadState['status']
  version: number
  /** `offer`: what may be answered beside, and need not be. */
  waiting_for: (WaitingFor & { offer?: Offer }) | null
  created_at: string
  updated_at: string
  events: readonly Event[]
}

/** Events of one thread, from its first, as clients see it. Throws for no events. */
export const viewOf = (events: readonly Event[]): ThreadView => {
  const state = fold(events)
  if (state === null) throw new Error('a thread without events has no view')
  const { id, agent, title, status, version, created_at, updated_at } = state
  return { id, agent, title, status, version, waiting_for: waitingFor(state), created_at, updated_at, events }
}

export const waitingFor = (state: ThreadState): (WaitingFor & { offer?: Offer }) | null => {
  const waiting = waitingForWhat(state)
  const offer = state.release?.offer
  return waiting && offer ? { ...waiting, offer } : waiting
}

const waitingForWhat = (state: ThreadState): WaitingFor | null => {
  switch (state.status) {
    case 'awaiting_approval':
      return approval(state.request, state.approvals)
    case 'awaiting_human': {
      const { seq, question, context, options, reason } = state.question
      return { kind: 'human_input', seq, question, context, options, reason }
    }
    case 'awaiting_run':
      return run(state.run)
    case 'awaiting_thread':
      return thread(state.child)
    case 'sleeping': {
      if (state.turn) return turn(state.turn, state)
      return { kind: 'timer', seq: state.seq, until: state.until, reason: state.reason }
    }
    case 'cancelled':
      return (state.run && run(state.run)) ?? (state.child && thread(state.child))
    case 'running':
    case 'done':
    case 'failed':
      return null
  }
}

const approval = ({ step, to: _, ...request }: ApprovalRequest, approvals: Approval[]): WaitingFor => {
  // What waits at a gate goes on as it is: there is nothing to edit.
  const { intent: __, ...args } = step.intent === 'open_gate' ? { intent: step.intent } : step
  return { kind: 'approval', ...request, args, approved_by: approvals.map(({ by }) => by) }
}

const thread = ({ id, agent, seq }: Child): WaitingFor => ({ kind: 'thread', seq, thread_id: id, agent })

const turn = ({ since: _, ...awaited }: Turn, { seq, until }: { seq: number; until: string }): WaitingFor => ({
  kind: 'turn',
  seq,
  ...awaited,
  until,
})

const run = ({ started, dispatch_id, run_id, report, html_url }: RunInFlight): WaitingFor => ({
  kind: 'run',
  seq: started,
  dispatch_id,
  run_id,
  status: report?.status ?? 'unknown',
  html_url,
})
