import { appendFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { parseArgs } from 'node:util'

/** The middle of what was measured; of two middles the higher one. */
export const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN

/** The value below which `share` (0 to 1) of what was measured lies. */
export const quantile = (values: number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN

/** What it was measured on: a figure without this says little. */
export const machine = (): string =>
  `${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`

// `node test/bench/….ts [ROUNDS] [--json FILE]`: each table as a line of JSON too.
const { values, positionals } = parseArgs({ options: { json: { type: 'string' } }, allowPositionals: true })

export const rounds = Number(positionals[0] ?? 5)

/** Prints a table whose columns stand under each other. */
export const table = (title: string, head: string[], rows: (string | number)[][]): void => {
  const cells = [head, ...rows].map((row) => row.map(String))
  const widths = head.map((_, i) => Math.max(...cells.map((row) => (row[i] ?? '').length)))
  const lines = cells.map((row) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  '),
  )
  if (values.json) appendFileSync(values.json, `${JSON.stringify({ title, machine: machine(), head, rows })}\n`)
  process.stdout.write(`\n${title}\n${machine()}\n\n${lines.join('\n')}\n`)
}
