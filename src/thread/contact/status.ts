const WORDS: Record<string, string> = {
  running: 'At work',
  awaiting_approval: 'Waits for approval',
  awaiting_human: 'Waits for an answer',
  awaiting_run: 'Its run is under way',
  awaiting_thread: 'Waits for another thread',
  sleeping: 'Waits',
  done: 'Done',
  failed: 'Failed',
  cancelled: 'Cancelled',
}

/** How a thread stands, for people who know none of our words. */
export const statusInWords = (status: string): string => WORDS[status] ?? status.replaceAll('_', ' ')
