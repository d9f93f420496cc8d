import { type Release, startWorld } from './release/world.ts'
import { median, quantile, rounds, table } from './report.ts'

// From the merge to production, with the shipped deploybot.yaml: two services, two approvals, six runs that take no time.
const SERVICES = 2
const RELEASES = 6 * rounds
const WITHOUT_WEBHOOKS = 2
const REFUSALS = 5
const RETRY_AFTER_S = 2
// Requests that were on their way when the refusal came, and what a timer may be early.
const UNDER_WAY_MS = 60
const EARLY_MS = 20

const world = await startWorld()
const many = async (count: number): Promise<Release[]> => {
  const all: Release[] = []
  for (let i = 0; i < count; i++) all.push(await world.release(SERVICES))
  return all
}

/** What was sent between a 429 on the tests' dispatch and the time that it named; merges are looked for all the while. */
const afterRefusal = async (): Promise<number> => {
  const path = 'e2e.yml/dispatches'
  await world.control('POST', 'faults', { do: 'answer', accept: false, status: 429, retry_after: RETRY_AFTER_S, path })
  await world.release(SERVICES)
  const requests = await world.requests()
  const refused = Date.parse(requests.find((one) => one.path.endsWith(path))?.at ?? '')
  const times = requests.map(({ at }) => Date.parse(at))
  return times.filter((at) => at > refused + UNDER_WAY_MS && at < refused + RETRY_AFTER_S * 1_000 - EARLY_MS).length
}

await many(2)
const all = await many(RELEASES)
const dispatched = all.flatMap((one) => one.dispatched)
const asked = all.map((one) => one.asked)
await world.control('PUT', 'webhooks', { mode: 'off' })
const deaf = await many(WITHOUT_WEBHOOKS)
await world.control('PUT', 'webhooks', { mode: 'normal' })
const early: number[] = []
for (let nth = 0; nth < REFUSALS; nth++) early.push(await afterRefusal())
await world.close()

const requests = (releases: Release[]): number => median(releases.map((one) => one.requests))
table(
  `a release, merge to production, ${RELEASES} times; its runs take no time`,
  ['', 'p50', 'p99'],
  [
    ['merged to approval asked, ms', Math.round(median(asked)), Math.round(quantile(asked, 0.99))],
    [
      `approval to dispatch accepted, ms (${dispatched.length})`,
      Math.round(median(dispatched)),
      Math.round(quantile(dispatched, 0.99)),
    ],
    ['API calls a release, with webhooks', requests(all), Math.max(...all.map((one) => one.requests))],
    [
      `API calls a release, every webhook lost (${WITHOUT_WEBHOOKS})`,
      requests(deaf),
      Math.max(...deaf.map((one) => one.requests)),
    ],
    [`requests between a 429 and its retry-after (${REFUSALS} refusals)`, median(early), Math.max(...early)],
  ],
)
