import { Gauge, type Registry } from 'prom-client'
import type { Census } from '../agent/ports.ts'
import { STATUSES } from '../thread/state.ts'
import { cached, within } from './cached.ts'

const KEPT_MS = 5_000
// Prometheus gives a scrape 10 s: a database that hangs must not take the other metrics with it.
const DATABASE_MS = 2_000
/**
 * How threads stand now. Every replica says the same of the one database, so sum() over replicas is wrong: max() is right.
 * A database that does not answer is a metric too, and leaves the others without a value.
 */
export const threadGauges = (registry: Registry, census: () => Promise<Census>): void => {
  const look = cached(() => within(DATABASE_MS, census()), KEPT_MS)
  const registers = [registry]

  new Gauge({
    name: 'deploybot_threads',
    help: 'Threads by status, each counted up to 100,000',
    labelNames: ['status'],
    registers,
    async collect() {
      const now = await look()
      for (const status of STATUSES) this.set({ status }, now?.threads[status] ?? Number.NaN)
    },
  })

  const gauge = (name: string, help: string, value: (now: Census | null) => number): void => {
    new Gauge({
      name: `deploybot_${name}`,
      help,
      registers,
      async collect() {
        this.set(value(await look()))
      },
    })
  }
  const unknown = Number.NaN
  gauge('threads_due', 'Threads that could go on at once and that nobody works on', (now) => now?.due ?? unknown)
  gauge('queue_age_seconds', 'How long the oldest of these has been due', (now) => now?.queue_age_seconds ?? unknown)
  gauge(
    'oldest_question_seconds',
    'How long the oldest open question has waited for people',
    (now) => now?.question_age_seconds ?? unknown,
  )
  gauge('threads_quarantined', 'Threads that wait for an operator', (now) => now?.quarantined ?? unknown)
  gauge('database_up', 'Whether the database answered this scrape', (now) => (now ? 1 : 0))
}
