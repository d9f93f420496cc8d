import { isClean, type Row } from '../campaign.ts'
import { INVARIANTS } from '../invariants.ts'

const MOST_DETAILS = 5
const HEADER = ['fault', 'trials', ...INVARIANTS, 'slowest recovery', 'unhandled', 'seconds', '']

/** What the campaign found, one line a fault, and below it what was wrong. */
export const tableOf = (rows: readonly Row[]): string => {
  const lines = [HEADER, ...rows.map(cellsOf)]
  const widths = HEADER.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)))
  const table = lines.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  return [...table, ...rows.flatMap(detailsOf)].join('\n')
}

const cellsOf = (row: Row): string[] => [
  row.fault,
  `${row.trials} ${row.counts}`,
  ...INVARIANTS.map((name) => {
    const count = row.violations.filter(({ invariant }) => invariant === name).length
    return count === 0 ? 'ok' : `${count} broken`
  }),
  row.slowestMs > 0 ? `${(row.slowestMs / 1000).toFixed(2)} s` : '-',
  String(row.unhandled),
  row.seconds.toFixed(1),
  isClean(row) ? '' : 'FAILED',
]

const detailsOf = ({ fault, violations, problems, notes }: Row): string[] => {
  const wrong = violations.map(({ invariant, thread, what }) => `${invariant} in ${thread}: ${what}`)
  return [
    ...few([...wrong, ...problems]).map((line) => `  ! ${fault}: ${line}`),
    ...few(notes).map((line) => `  - ${fault}: ${line}`),
  ]
}

const few = (lines: readonly string[]): string[] =>
  lines.length <= MOST_DETAILS
    ? [...lines]
    : [...lines.slice(0, MOST_DETAILS), `and ${lines.length - MOST_DETAILS} more`]
