import type { NewEvent } from '../event.ts'
import type { ThreadState } from '../state.ts'
import type { StepOf } from '../step.ts'
import type { Gate } from './gate.ts'

const code = { kind: 'code' } as const

/** What a thread at a gate does next, whenever it is in the middle of nothing: plain code, in the part that a model plays elsewhere. */
export const gateTurn = (state: ThreadState): NewEvent[] => {
  const { gate } = state
  if (!gate || state.status !== 'running' || state.pending) return []
  if (gate.ended) return [end(gate.ended)]
  if (gate.closing !== null) return []
  return [gate.refused === null ? select(opening(gate)) : select(closing(gate, gate.refused))]
}

const end = ({ code: wrong, message }: NonNullable<Gate['ended']>): NewEvent =>
  wrong === null
    ? select({ intent: 'done_for_now', message })
    : { type: 'thread_failed', data: { code: wrong, message }, actor: code }

const opening = ({ request }: Gate): StepOf<'open_gate'> => {
  const { repository, run_id, attempt, workflow, ref, service, sha, environment } = request
  return { intent: 'open_gate', repository, run_id, attempt, workflow, ref, service, sha, environment }
}

const closing = ({ request: { run_id, environment } }: Gate, reason: string): StepOf<'close_gate'> => ({
  intent: 'close_gate',
  run_id,
  environment,
  reason,
})

const select = (step: StepOf<'open_gate' | 'close_gate' | 'done_for_now'>): NewEvent =>
  ({ type: step.intent, data: step, actor: code }) as NewEvent
