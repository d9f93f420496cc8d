import { setTimeout as sleep } from 'node:timers/promises'
import { median, quantile, table } from './report.ts'
import { type Deployment, startWorld } from './service/world.ts'

// The whole service as processes of its own: HTTP, BAML, octokit, webhooks and Postgres, with the stand-ins for GitHub and the model.
const SECONDS = 5
const IN_FLIGHT = [1, 16, 64]
const LAUNCHES_A_SECOND = 100

const world = await startWorld()

const rate = async (inFlight: number): Promise<{ perSecond: number; all: Deployment[] }> => {
  const until = performance.now() + SECONDS * 1_000
  const all: Deployment[] = []
  const began = performance.now()
  const one = async (): Promise<void> => {
    while (performance.now() < until) all.push(await world.deploy())
  }
  await Promise.all(Array.from({ length: inFlight }, one))
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

const rows = []
for (const processes of [1, 2]) {
  await world.run(processes)
  // The first one changes what is live, and the others would be asked again.
  await world.deploy()
  await rate(16)
  for (const inFlight of IN_FLIGHT) {
    const { perSecond, all } = await rate(inFlight)
    const dispatch = all.map(({ dispatched }) => dispatched)
    rows.push([
      `${processes} process${processes > 1 ? 'es' : ''}, ${inFlight} in flight`,
      perSecond.toFixed(1),
      median(all.map(({ asked }) => asked)),
      median(dispatch),
      quantile(dispatch, 0.99),
    ])
  }
}
table(
  `W5 through the whole service, ${SECONDS} s a row`,
  ['', 'threads/s', 'POST to asked p50 ms', 'approval to dispatch p50 ms', 'p99 ms'],
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
