import { setTimeout as sleep } from 'node:timers/promises'
import type { Part } from '../agent/ports.ts'

/** What came of asking a part whether it works. */
export interface Checked {
  at: string
  ok: boolean
  said: string
  ms: number
}

const DEADLINE_MS = 4_000
// Asking a model costs money: a button that is hit twice asks once.
const AT_MOST_EVERY_MS = 5_000

/** Asks every part at once when somebody wants to know, and remembers what came back. Of this process. */
export const createChecks = (parts: readonly Part[], now: () => Promise<string>) => {
  const latest = new Map<string, Checked>()
  let asked = Number.NEGATIVE_INFINITY

  const check = async ({ name, check: ask }: Part): Promise<void> => {
    if (ask === null) return
    const began = performance.now()
    const outcome = await Promise.race([settled(ask), late()])
    latest.set(name, {
      ...outcome,
      at: await now().catch(() => new Date().toISOString()),
      ms: Math.round(performance.now() - began),
    })
  }

  return {
    latest: (name: string): Checked | null => latest.get(name) ?? null,
    all: async (): Promise<void> => {
      if (performance.now() - asked < AT_MOST_EVERY_MS) return
      asked = performance.now()
      await Promise.all(parts.map(check))
    },
  }
}

const settled = async (ask: () => Promise<string>): Promise<{ ok: boolean; said: string }> => {
  try {
    return { ok: true, said: await ask() }
  } catch (error) {
    return { ok: false, said: error instanceof Error ? error.message : String(error) }
  }
}

const late = () => sleep(DEADLINE_MS, { ok: false, said: `no answer within ${DEADLINE_MS / 1000} s` }, { ref: false })
