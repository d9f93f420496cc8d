import type { GateRequest } from '../thread/event.ts'
import type { Outcome } from '../thread/input.ts'
import type { Effect } from '../thread/next.ts'
import type { GateAnswer, Ports } from './ports.ts'

type CloseGate = Extract<Effect, { do: 'close_gate' }>

const SOON_MS = 2_000

/** Turns a run away. What is unclear is said again: a gate takes one answer. */
export const closeGate = async (
  { request, comment, to }: CloseGate,
  threadId: string,
  { tools }: Ports,
): Promise<Outcome> => {
  const { repository, workflow, ref, service, environment, sha } = request
  const gate = answerTo(request, 'rejected', comment)
  const place = { repository, workflow, ref, service, environment, tag: sha, sha }
  const answer = await tools.dispatch({ dispatch_id: `${threadId}-${to}`, ...place, gate })
  const closed = { type: 'gate_closed', to, accepted: false } as const
  switch (answer.outcome) {
    case 'accepted':
      return { ...closed, accepted: true, message: 'GitHub turns the run away' }
    case 'refused':
      return { ...closed, message: answer.message, code: answer.code }
    case 'deferred':
      return { ...closed, message: answer.reason, retry_after_ms: answer.retry_after_ms }
    case 'unclear':
      return { ...closed, message: answer.reason, retry_after_ms: SOON_MS }
  }
}

/** What is said to the run. */
export const answerTo = (
  { run_id, attempt, html_url }: Pick<GateRequest, 'run_id' | 'attempt' | 'html_url'>,
  state: GateAnswer['state'],
  comment: string,
): GateAnswer => ({ run_id, attempt, html_url, state, comment })
