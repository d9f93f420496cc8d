import { wantOf } from '../thread/lane.ts'
import { type Bell, isOutage, type Lanes, type Logger, type Watch } from './ports.ts'

/**
 * Whoever leaves a lane, or wants it no more, wakes the next. A courtesy that saves seconds: it may get lost, and then those who wait
 * find out by looking themselves.
 */
export const createWaker = (lanes: Pick<Lanes, 'wake'>, bell: Bell, logger: Logger): Watch => {
  const wake = async (lane: string): Promise<void> => {
    try {
      const thread_id = await lanes.wake(lane)
      if (thread_id !== null) bell.ring({ thread_id, news: 'due' })
    } catch (err) {
      logger[isOutage(err) ? 'debug' : 'warn']({ err, lane }, 'nobody was woken')
    }
  }
  return ({ before, after }) => {
    const lane = before && wantOf(before)
    if (lane !== null && wantOf(after) !== lane) void wake(lane)
  }
}
