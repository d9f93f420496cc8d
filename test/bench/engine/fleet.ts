import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { PoolConfig } from 'pg'
import type { Lap } from './w5.ts'

export type Kind = 'engine' | 'bare'

interface Heat {
  laps: Lap[]
  cpuMs: number
}

/** Processes of the engine over one Postgres. */
export const startFleet = async (connection: PoolConfig, size: number) => {
  const children = Array.from({ length: size }, () =>
    fork(join(import.meta.dirname, 'process.ts'), [JSON.stringify(connection)]),
  )
  await Promise.all(children.map((child) => once(child, 'message')))

  const heat = async (child: ChildProcess, kind: Kind, inFlight: number, count: number): Promise<Heat> => {
    child.send({ kind, inFlight, count })
    const [answer] = (await once(child, 'message')) as [Heat]
    return answer
  }

  return {
    /** Shares `count` laps and the `inFlight` at once of them among so many of the processes. */
    run: async (processes: number, kind: Kind, inFlight: number, count: number): Promise<Heat> => {
      const share = (of: number): number => Math.ceil(of / processes)
      const chosen = children.slice(0, processes)
      const heats = await Promise.all(chosen.map((child) => heat(child, kind, share(inFlight), share(count))))
      return {
        laps: heats.flatMap(({ laps }) => laps),
        cpuMs: heats.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
      }
    },
    stop: async (): Promise<void> => {
      const ended = children.map((child) => once(child, 'exit'))
      for (const child of children) child.disconnect()
      await Promise.all(ended)
    },
  }
}
