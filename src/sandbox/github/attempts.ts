import type { RunRecord } from './state.ts'

/** A run as it was in one of its attempts: one that ended, or the one that is on. */
export const asOf = (run: RunRecord, attempt: number | undefined): RunRecord =>
  run.earlier?.find((one) => one.attempt === attempt) ?? run

/** Undefined: it was not tried so often. */
export const attemptOf = (run: RunRecord, attempt: number): RunRecord | undefined =>
  attempt === (run.attempt ?? 1) ? run : run.earlier?.find((one) => one.attempt === attempt)
