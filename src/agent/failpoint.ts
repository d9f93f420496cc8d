/** Where a process can be made to die, stop or fail: right before and right after each call through a port. */
const CALLS = [
  'load',
  'append',
  'taken',
  'claim',
  'rescue',
  'release',
  'heartbeat',
  'hint',
  'read',
  'prepare',
  'dispatch',
  'verify',
  'cancel_run',
  'model',
  'deliver',
  'reach',
  'answer',
] as const
const ACTIONS = ['kill', 'pause', 'throw'] as const

type Call = (typeof CALLS)[number]
type Place = `${Call}:${'before' | 'after'}`

/** What happens at the `nth` time that the process comes by. */
export interface Failpoint {
  place: Place
  nth: number
  action: (typeof ACTIONS)[number]
}

export const PLACES: readonly Place[] = CALLS.flatMap((call): Place[] => [`${call}:before`, `${call}:after`])

/** `append:after`, `append:after:3`, `append:after:3:pause`; null: it is none of those. */
export const parseFailpoint = (text: string): Failpoint | null => {
  const [call, moment, count = '1', named = 'kill', ...more] = text.split(':')
  const place = PLACES.find((one) => one === `${call}:${moment}`)
  const action = ACTIONS.find((one) => one === named)
  if (!place || !action || !/^[1-9]\d{0,5}$/.test(count) || more.length > 0) return null
  return { place, nth: Number(count), action }
}

/** Comes by a place. */
export type Pass = (place: Place) => void

export const createPass = ({ place, nth, action }: Failpoint): Pass => {
  let passed = 0
  return (at) => {
    if (at !== place) return
    passed += 1
    if (passed === nth) act(action, place)
  }
}

const act = (action: Failpoint['action'], place: Place): void => {
  switch (action) {
    case 'kill':
      process.kill(process.pid, 'SIGKILL')
      return
    case 'pause':
      process.kill(process.pid, 'SIGSTOP')
      return
    case 'throw':
      throw new Error(`failpoint ${place}`)
  }
}

/** The same call with a place before it and one after it. */
export const guarded =
  <A extends unknown[], R>(call: Call, pass: Pass, run: (...args: A) => Promise<R>) =>
  async (...args: A): Promise<R> => {
    pass(`${call}:before`)
    const result = await run(...args)
    pass(`${call}:after`)
    return result
  }
