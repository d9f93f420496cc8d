import type { Delivery } from './log.ts'

/** Numbers whose owners said STOP: nothing is sent to them until they say START. */
export interface Mutes {
  isMuted(number: string): Promise<boolean>
  /** Takes that message once: the same one later changes nothing any more. False: it was taken before. */
  set(number: string, muted: boolean, by: Delivery): Promise<boolean>
}
