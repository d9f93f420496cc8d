import type { ThreadSummary } from '../../agent/ports.ts'
import type { Quarantined } from '../../store/quarantine.ts'
import { clean, firstLine } from '../../thread/text.ts'
import { columns } from '../columns.ts'

const LONGEST = 60
const HEAD = ['ID', 'STATUS', 'CHANGED', 'TITLE']

/** Threads one a line, in columns; those in quarantine say so, and why. */
export const table = (threads: readonly ThreadSummary[], quarantined: readonly Quarantined[]): string => {
  if (threads.length === 0) return 'no threads'
  const reasons = new Map(quarantined.map(({ id, reason }) => [id, reason]))
  const rows = threads.map(({ id, status, updated_at, title }) => {
    const reason = reasons.get(id)
    const marked = reason === undefined ? status : 'QUARANTINED'
    return [id, marked, updated_at.slice(0, 19).replace('T', ' '), plain(reason ? `${title} (${reason})` : title)]
  })
  return columns([HEAD, ...rows])
}

/** On one line, and nothing in it that would steer the terminal. */
const plain = (text: string): string => firstLine(clean(text, LONGEST * 2))
