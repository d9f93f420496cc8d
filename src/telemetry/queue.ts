import type { Logger, Queue } from '../agent/ports.ts'

/** The queue, its claims told at debug only, and when the worker was last seen to use it. */
export const watchQueue = (queue: Queue, logger: Logger) => {
  let seen = performance.now()
  /** A worker whose hands are full claims nothing, but its heart beats. */
  const alive = <T>(result: T): T => {
    seen = performance.now()
    return result
  }
  const watched: Queue = {
    ...queue,
    claim: async (limit) => {
      const claimed = alive(await queue.claim(limit))
      logger.debug({ claimed: claimed.length }, 'swept')
      for (const thread_id of claimed) logger.debug({ thread_id }, 'claimed')
      return claimed
    },
    rescue: async (limit, active) => {
      const rescued = alive(await queue.rescue(limit, active))
      for (const thread_id of rescued) logger.debug({ thread_id }, 'rescued')
      return rescued
    },
    heartbeat: async (active) => alive(await queue.heartbeat(active)),
  }
  return { queue: watched, silentMs: () => performance.now() - seen }
}
