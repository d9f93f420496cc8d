const FEW = 4

/** Asks of each item, a few at once, so that one page takes neither all connections nor all that GitHub gives; answers in their order. */
export const fewAtOnce = async <A, B>(items: readonly A[], ask: (item: A) => Promise<B>): Promise<B[]> => {
  const left = [...items.entries()]
  const answers: B[] = []
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) answers[next[0]] = await ask(next[1])
  }
  await Promise.all(Array.from({ length: FEW }, work))
  return answers
}
