import { setTimeout as sleep } from 'node:timers/promises'
import { cpuMs } from './proc.ts'
import { median, quantile, table } from './report.ts'
import { type Deployment, startWorld } from './service/world.ts'

// The whole service as processes of its own: HTTP, BAML, octokit, webhooks and Postgres, with the stand-ins for GitHub and the model.
const SECONDS = 5
const IN_FLIGHT = [1, 16, 64]
const LAUNCHES_A_SECOND = 100

type World = Awaited<ReturnType<typeof startWorld>>
const world = await startWorld()

/** So many in flight, spread over the worlds evenly. */
const rate = async (inFlight: number, worlds: World[] = [world]): Promise<{ perSecond: number; all: Deployment[] }> => {
  const until = performance.now() + SECONDS * 1_000
  const all: Deployment[] = []
  const began = performance.now()
  const one = async (place: World): Promise<void> => {
    while (performance.now() < until) all.push(await place.deploy())
  }
  const places = Array.from({ length: inFlight / worlds.length }, () => worlds).flat()
  await Promise.all(places.map(one))
  return { perSecond: all.length / ((performance.now() - began) / 1_000), all }
}

/** Launches at a steady rate, whatever comes back: how long an answer takes. */
const launches = async (): Promise<number[]> => {
  const times: Promise<number>[] = []
  for (let i = 0; i < SECONDS * LAUNCHES_A_SECOND; i++) {
    times.push(world.launchOnly())
    await sleep(1_000 / LAUNCHES_A_SECOND)
  }
  return Promise.all(times)
}

const rows: (string | number)[][] = []
const row = async (title: string, inFlight: number, pids: number[], worlds?: World[]): Promise<void> => {
  const used = (): number => pids.map(cpuMs).reduce((sum, ms) => sum + ms)
  const before = used()
  const { perSecond, all } = await rate(inFlight, worlds)
  const dispatch = all.map(({ dispatched }) => dispatched)
  rows.push([
    `${title}, ${inFlight} in flight`,
    perSecond.toFixed(1),
    ((used() - before) / all.length).toFixed(1),
    median(all.map(({ asked }) => asked)),
    median(dispatch),
    quantile(dispatch, 0.99),
  ])
}

for (const processes of [1, 2]) {
  const pids = await world.run(processes)
  // The first one changes what is live, and the others would be asked again.
  await world.deploy()
  await rate(16)
  for (const inFlight of IN_FLIGHT) await row(`${processes} process${processes > 1 ? 'es' : ''}`, inFlight, pids)
}
// What two processes could do here at best: they share these cores, and nothing else.
const apart = await startWorld()
const pids = (await Promise.all([world.run(1), apart.run(1)])).flat()
await apart.deploy()
await rate(16, [world, apart])
await row('2 services, each with a database of its own', 64, pids, [world, apart])
await apart.close()

table(
  `W5 through the whole service, ${SECONDS} s a row`,
  ['', 'threads/s', 'CPU ms of the service a thread', 'POST to asked p50 ms', 'approval to dispatch p50 ms', 'p99 ms'],
  rows,
)
await world.run(1)
await rate(16)
const times = await launches()
table(
  `POST /threads at ${LAUNCHES_A_SECOND} a second`,
  ['', 'p50 ms', 'p99 ms'],
  [['one process', median(times).toFixed(1), quantile(times, 0.99).toFixed(1)]],
)
await world.close()
