/** One look at a time, however many ask at once: nobody is shown what was true only before they asked. */
export const shared = <T>(look: () => Promise<T>): (() => Promise<T>) => {
  let asking: Promise<T> | null = null
  let next: Promise<T> | null = null
  const ask = (): Promise<T> => {
    asking = look().finally(() => {
      asking = next = null
    })
    return asking
  }
  return () => {
    if (asking === null) return ask()
    // What is under way may have begun before what this one is to see.
    next ??= asking.then(ask, ask)
    return next
  }
}
