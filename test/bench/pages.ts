import { setTimeout as sleep } from 'node:timers/promises'
import { quantile, table } from './report.ts'
import { startWorld } from './service/world.ts'

// The pages over 100,000 threads of 20 events each, looked at 50 times a second by browsers that wait for nobody.
const THREADS = Number(process.argv[2] ?? 100_000)
const EVENTS = 20
// In two environments each: what a page of all of them shows.
const SERVICES = 16
const A_SECOND = 50
const SECONDS = 10

const world = await startWorld(SERVICES)
await world.run(1)
const waiting = await world.fill(THREADS, EVENTS)

const ask = async (path: string) => {
  const began = performance.now()
  const headers = { accept: 'text/html', 'accept-encoding': 'br', 'sec-fetch-site': 'same-origin' }
  const answer = await fetch(`${world.url()}${path}`, { headers })
  await answer.text()
  // A machine that has more to do than it can says so.
  if (!answer.ok && answer.status !== 503) throw new Error(`${path}: ${answer.status}`)
  return { ms: performance.now() - began, ok: answer.ok, bytes: Number(answer.headers.get('content-length')) }
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
  ['list by service', (i) => `/threads?service=shop-${i % SERVICES}`],
  ['list by words that none has', () => '/threads?text=nothing+like+it'],
  ['thread', (i) => `/threads/${waiting[i % waiting.length]}`],
  ['environments', () => '/environments'],
  ['insights', () => '/insights'],
  ['settings', () => '/settings'],
]

const rows = []
for (const [name, pathOf] of PAGES) {
  const { ms: first } = await ask(pathOf(0))
  const answers = await steadily(pathOf)
  const shown = answers.filter(({ ok }) => ok)
  const times = shown.map(({ ms }) => ms)
  rows.push([
    name,
    first.toFixed(1),
    quantile(times, 0.5).toFixed(1),
    quantile(times, 0.99).toFixed(1),
    ((shown[0]?.bytes ?? 0) / 1_000).toFixed(1),
    String(answers.length - shown.length),
  ])
}
table(
  `pages over ${THREADS} threads of ${EVENTS} events and ${SERVICES} services, ${A_SECOND} a second`,
  ['', 'first ms', 'p50 ms', 'p99 ms', 'kB on the wire', '503'],
  rows,
)
await world.close()
