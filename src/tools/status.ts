import type { RunStatus } from '../thread/event.ts'

/** GitHub has more words for "not yet" than a thread needs: requested, waiting, pending. */
export const statusOf = (status: string | null): RunStatus =>
  status === 'completed' || status === 'in_progress' ? status : 'queued'
