import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import type { PoolConfig } from 'pg'
import { onTestFinished } from 'vitest'

/** A way to a Postgres server that can be made to go wrong. Gone when the test ends. */
export const startProxy = async ({ host, ...connection }: PoolConfig) => {
  const all = new Set<Socket>()
  let stopped = false
  const server = createServer((client) => {
    const upstream = connect(join(String(host), '.s.PGSQL.5432'))
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      all.add(from)
      from.on('error', () => {}).on('close', () => to.destroy())
      from.pipe(to)
      if (stopped) from.pause()
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return {
    connection: { ...connection, host: '127.0.0.1', port: (server.address() as AddressInfo).port },
    /** Nothing moves any more, and nobody is told. */
    stop() {
      stopped = true
      for (const socket of all) socket.unpipe().pause()
    },
    /** New connections move; those of before never will. */
    heal() {
      stopped = false
    },
    cut() {
      for (const socket of all) socket.destroy()
    },
  }
}
