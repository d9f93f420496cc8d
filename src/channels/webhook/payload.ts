import type { Notice } from '../../agent/ports.ts'

/** The types of Standard Webhooks payloads that we send. */
export type PayloadType =
  | 'thread.started'
  | 'thread.updated'
  | 'thread.waiting'
  | 'thread.ended'
  | 'approval.closed'
  | 'question.closed'

export const typeOf = ({ kind, question, story, ref, status }: Notice): PayloadType => {
  if (kind === 'update' && question && !question.open) {
    return question.asked.kind === 'approval' ? 'approval.closed' : 'question.closed'
  }
  if (story.end) return 'thread.ended'
  if (kind === 'request' || kind === 'reminder') return 'thread.waiting'
  // The first word of it, and nothing has come of it yet.
  return ref === null && status === 'running' && story.results.length === 0 ? 'thread.started' : 'thread.updated'
}

/** The same for every try of the same message, so that a receiver can tell that it has it. */
export const idOf = ({ thread_id, seq, kind }: Notice): string => `${thread_id}-${seq}-${kind}`

/** What a program is told: enough to act on without asking back, and where to ask. */
export const payloadOf = (notice: Notice, publicUrl: string, at: Date) => {
  const { thread_id, seq, kind, person, question, waiting_for, status, story } = notice
  const { title, results, approved_by, end } = story
  const about = { thread_id, seq, kind, status, title, url: `${publicUrl}/threads/${thread_id}`, person }
  const data = { ...about, waiting_for, question, results, approved_by, end }
  return { type: typeOf(notice), timestamp: at.toISOString(), data }
}
