// Of Standard Webhooks; the second one is ours, for people who wait at their phone.
const PAUSES_S = [5, 30, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600]

/** Milliseconds to wait after so many failures in a row; null: give up, after about three days. */
export const pauseAfter = (failures: number): number | null => {
  const pause = PAUSES_S[failures - 1]
  return pause === undefined ? null : pause * 1000
}
