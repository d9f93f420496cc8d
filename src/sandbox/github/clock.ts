import { advance, nextDueAt } from './runs.ts'
import type { World } from './world.ts'

/** Wakes the world when the next thing is due. */
export interface Clock {
  /** Brings everything to the present. */
  tick(): void
  /** Looks again when the next thing falls due. */
  set(): void
  stop(): void
}

export const createClock = (world: World): Clock => {
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  const set = () => {
    clearTimeout(timer)
    const due = nextDueAt(world)
    if (!stopped && due !== undefined) timer = setTimeout(tick, Math.max(due - world.now(), 0))
  }
  const tick = () => {
    if (advance(world)) world.changed()
    else set()
  }
  return {
    tick,
    set,
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}
