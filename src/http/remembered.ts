/** One question at a time, its answer good for a moment, also the answer that it failed. */
export const remembered = <T>(ms: number, ask: () => Promise<T>): (() => Promise<T>) => {
  let answer: Promise<T> | null = null
  let until = 0
  return () => {
    if (answer === null || performance.now() >= until) {
      until = Number.POSITIVE_INFINITY
      answer = ask().finally(() => {
        until = performance.now() + ms
      })
    }
    return answer
  }
}
