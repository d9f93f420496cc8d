import { setTimeout as sleep } from 'node:timers/promises'
import { cpuMs } from './proc.ts'
import { median, quantile, table } from './report.ts'
import { type Deployment, startWorld } from './service/world.ts'

// The whole service as processes of its own: HTTP, BAML, octokit, webhooks and Postgres, with the stand-ins for GitHub and the model.
const SECONDS = 5
const IN_FLIGHT = [1, 16, 64]
const LAUNCHES_A_SECOND = 100
const DEPLOYMENTS_A_SECOND = 30

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

/** Does it at a steady rate, whatever comes back: where as many as can be are in flight, most of the time is spent waiting for others. */
const steadily = async <T>(perSecond: number, act: () => Promise<T>): Promise<T[]> => {
  const began = performance.now()
  const all: Promise<T>[] = []
  while (all.length < SECONDS * perSecond) {
    all.push(act())
    await sleep(began + (all.length / perSecond) * 1_000 - performance.now())
  }
  return Promise.all(all)
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
const dispatched = (await steadily(DEPLOYMENTS_A_SECOND, world.deploy)).map((deployment) => deployment.dispatched)
const answered = await steadily(LAUNCHES_A_SECOND, world.launchOnly)
const spread = (times: number[]): string[] => [median(times), quantile(times, 0.99)].map((ms) => ms.toFixed(1))
table(
  'one process, as many a second as are asked for',
  ['', 'p50 ms', 'p99 ms'],
  [
    [`approval to dispatch, ${DEPLOYMENTS_A_SECOND} deployments a second`, ...spread(dispatched)],
    [`POST /threads, ${LAUNCHES_A_SECOND} a second`, ...spread(answered)],
  ],
)
await world.close()
