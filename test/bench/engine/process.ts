import type { PoolConfig } from 'pg'
import { startBot } from './bot.ts'
import { bareW5, laps, w5 } from './w5.ts'

// One process of the engine's benchmark: makes as many laps as it is told to, and tells how they went.
const bot = await startBot(JSON.parse(process.argv[2] ?? '{}') as PoolConfig)
const lap = { engine: () => w5(bot), bare: () => bareW5(bot.store.pool) }

process.on(
  'message',
  async ({ kind, inFlight, count }: { kind: keyof typeof lap; inFlight: number; count: number }) => {
    const cpu = process.cpuUsage()
    const all = await laps(count, inFlight, lap[kind])
    const { user, system } = process.cpuUsage(cpu)
    process.send?.({ laps: all, cpuMs: (user + system) / 1000 })
  },
)
process.once('disconnect', () => void bot.stop())
process.send?.('ready')
