import type { Week } from '../agent/ports.ts'

const COLUMNS = [
  'service',
  'monday',
  'deployed',
  'rolled_back',
  'changes',
  'failed',
  'lead_seconds',
  'restore_seconds',
  'waited_seconds',
  'model_calls',
  'input_tokens',
  'output_tokens',
  'model_cost',
] as const satisfies (keyof Week)[]

/** A line for each service and week in which something was deployed (RFC 4180). Empty: there was nothing to measure. */
export const weeksAsCsv = (environment: string, weeks: readonly Week[]): string =>
  [['environment', ...COLUMNS], ...weeks.map((week) => [environment, ...COLUMNS.map((name) => week[name] ?? '')])]
    .map((cells) => `${cells.map(cell).join(',')}\r\n`)
    .join('')

/** A name that begins like a formula would be one where this is opened as a table. */
const cell = (value: string | number): string => {
  const text = String(value)
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
