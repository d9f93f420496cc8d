import { setTimeout as sleep } from 'node:timers/promises'
import { quantile, table } from './report.ts'
import { startWorld } from './service/world.ts'

// The pages over 100,000 threads of 20 events each, looked at 50 times a second by browsers that wait for nobody.
const THREADS = 100_000
const EVENTS = 20
const A_SECOND = 50
const SECONDS = 10

const world = await startWorld()
await world.run(1)
const waiting = await world.fill(THREADS, EVENTS)

const ask = async (path: string): Promise<{ ms: number; bytes: number }> => {
  const began = performance.now()
  const answer = await fetch(`${world.url()}${path}`, { headers: { accept: 'text/html' } })
  const { length } = await answer.text()
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`)
  return { ms: performance.now() - began, bytes: length }
}

const steadily = async (pathOf: (i: number) => string) => {
  const answers: ReturnType<typeof ask>[] = []
  const began = performance.now()
  for (let i = 0; i < A_SECOND * SECONDS; i++) {
    const wait = began + (i * 1_000) / A_SECOND - performance.now()
    if (wait > 0) await sleep(wait)
    answers.push(ask(pathOf(i)))
  }
  return Promise.all(answers)
}

const PAGES: [string, (i: number) => string][] = [
  ['inbox', () => '/'],
  ['list', () => '/threads'],
  ['list of a status', () => '/threads?status=done'],
  ['list by service', (i) => `/threads?service=shop-${i % 128}`],
  ['list by words that none has', () => '/threads?text=nothing+like+it'],
  ['thread', (i) => `/threads/${waiting[i % waiting.length]}`],
]

const rows = []
for (const [name, pathOf] of PAGES) {
  const { ms: first } = await ask(pathOf(0))
  const answers = await steadily(pathOf)
  const times = answers.map(({ ms }) => ms)
  rows.push([
    name,
    first.toFixed(1),
    quantile(times, 0.5).toFixed(1),
    quantile(times, 0.99).toFixed(1),
    ((answers[0]?.bytes ?? 0) / 1_000).toFixed(1),
  ])
}
table(
  `pages over ${THREADS} threads of ${EVENTS} events, ${A_SECOND} a second`,
  ['', 'first ms', 'p50 ms', 'p99 ms', 'kB'],
  rows,
)
await world.close()
