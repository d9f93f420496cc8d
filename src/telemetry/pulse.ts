import type { Pulse } from '../agent/ports.ts'

/** Remembers of each part when it last worked and last failed. Of this process, since its start. */
export const createPulses = () => {
  const pulses = new Map<string, Pulse>()
  return {
    note(part: string, failure: string | null): void {
      const before = pulses.get(part) ?? { worked_at: null, failed_at: null, why: null, worked: 0, failed: 0 }
      const at = new Date().toISOString()
      pulses.set(
        part,
        failure === null
          ? { ...before, worked_at: at, worked: before.worked + 1 }
          : { ...before, failed_at: at, why: failure, failed: before.failed + 1 },
      )
    },
    read: (): Record<string, Pulse> => Object.fromEntries(pulses),
  }
}

export type Pulses = ReturnType<typeof createPulses>
