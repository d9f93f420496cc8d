const nothing = (): void => {}

/** Runs what comes under one key one after the other, in the order in which it came; what fails does not stop what comes next. */
export const createTurns = () => {
  const latest = new Map<string, Promise<void>>()
  return <T>(key: string, act: () => Promise<T>): Promise<T> => {
    const turn = (latest.get(key) ?? Promise.resolve()).then(act)
    const settled = turn.then(nothing, nothing)
    latest.set(key, settled)
    void settled.then(() => {
      if (latest.get(key) === settled) latest.delete(key)
    })
    return turn
  }
}
