import type { Logger } from './ports.ts'

/** Something to do every so often, beside the threads. A run that fails is told and tried again at its next time. */
export interface Chore {
  name: string
  everyMs: number
  run: () => Promise<void>
}

/** Runs chores, at once and then each after its own pause, never beside itself. `stop` waits for those under way. */
export const startClockwork = (chores: Chore[], logger: Pick<Logger, 'warn'>) => {
  const timers = new Map<string, NodeJS.Timeout>()
  const running = new Set<Promise<void>>()
  let stopped = false

  const turn = async ({ name, run }: Chore): Promise<void> => {
    try {
      await run()
    } catch (error) {
      logger.warn({ err: error }, `${name} failed`)
    }
  }
  const begin = (chore: Chore): void => {
    const under = turn(chore).finally(() => {
      running.delete(under)
      if (!stopped) timers.set(chore.name, setTimeout(begin, chore.everyMs, chore))
    })
    running.add(under)
  }
  for (const chore of chores) begin(chore)
  return {
    stop: async (): Promise<void> => {
      stopped = true
      for (const timer of timers.values()) clearTimeout(timer)
      await Promise.all(running)
    },
  }
}
