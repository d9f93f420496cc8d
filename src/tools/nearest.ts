/** The names most like `wanted`, the likest first: what a person who mistyped may have meant. */
export const nearest = (wanted: string, names: string[], count = 5): string[] => {
  const short = wanted.slice(0, MAX)
  return names
    .map((name) => ({ name, far: distance(short, name.slice(0, MAX)) }))
    .sort((a, b) => a.far - b.far || byVersion(b.name, a.name))
    .slice(0, count)
    .map(({ name }) => name)
}

const MAX = 100

/** v1.9.0 before v1.10.0. */
export const byVersion = new Intl.Collator('en', { numeric: true }).compare

/** How many letters must be put in, taken out or changed to make one of the other (Levenshtein). */
const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1]
    for (const [j, other] of [...b].entries()) {
      const change = (row[j] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
