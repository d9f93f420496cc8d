/** The known names by how few letters must change to make `wanted` of them, the likest first. */
export const nearest = (wanted: string, known: readonly string[]): string[] =>
  known
    .map((name) => ({ name, far: distance(wanted, name) }))
    .sort((a, b) => a.far - b.far)
    .map(({ name }) => name)

/** A slip of the keyboard: two letters swapped, or up to two wrong ones in a word that is long enough. */
export const isSlip = (wanted: string, name: string): boolean =>
  wanted !== name && wanted.length >= 4 && distance(wanted, name) <= 2

/** Levenshtein's distance. */
const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (const [i, letter] of [...a.slice(0, LONGEST)].entries()) {
    const next = [i + 1]
    for (const [j, other] of [...b].entries()) {
      const change = (row[j] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}

const LONGEST = 60
