import type { Week } from '../../../src/agent/ports.ts'
import type { AppDeps } from '../../../src/http/deps.ts'
import type { Deployment } from '../../../src/thread/deployments.ts'
import { startApp } from '../../support/app.ts'
import { freshDatabase } from '../../support/postgres.ts'
import { policy, START, THREAD } from '../../thread/spec.ts'
import { EVIL, LONG, RTL } from '../hostile.ts'

const NAME = 'n'.repeat(40)
const SHA = '7'.repeat(40)
const WORDS = [EVIL, LONG, RTL]
const wordsFor = (i: number): string => WORDS[i % WORDS.length] ?? ''
const NOWHERE = 'javascript:alert(1)'

const services = Object.fromEntries(
  ['backend', NAME, 'search'].map((name) => [name, { workflow: `${NAME}.yml`, ref: 'r'.repeat(200) }]),
)
const [production] = Object.values(policy.environments).slice(1)
if (!production) throw new Error('there is no production')
const freeze = WORDS.map((reason) => ({ first: '2020-01-01', last: '2999-12-31', tz: 'Europe/Berlin', reason }))
const hard = { ...production, approvers: Array(20).fill(NAME), after: NAME, break_glass: [NAME], freeze }
const environments = { [NAME]: { ...production, after: null }, production: hard }
const places = Object.keys(services).flatMap((service) =>
  Object.keys(environments).map((environment) => ({ service, environment })),
)

const deployment = (place: (typeof places)[number], i: number): Deployment => ({
  ...place,
  thread_id: THREAD,
  seq: i,
  kind: i % 4 === 0 ? 'rollback' : 'deploy',
  tag: `${i}${wordsFor(i)}`,
  sha: String(i).repeat(40).slice(0, 40),
  status: i % 3 === 0 ? 'failure' : 'success',
  replaced_tag: LONG,
  replaced_sha: SHA,
  html_url: NOWHERE,
  asked_by: wordsFor(i),
  approved_by: Array(10).fill(wordsFor(i + 1)),
  ...{
    first_commit_at: null,
    commits: 300,
    waited_ms: 1e12,
    model_calls: 1e6,
    input_tokens: 1e12,
    output_tokens: 1e12,
    model_cost: 1e9,
  },
  at: START,
})

const mondayBefore = (weeks: number): string => {
  const day = new Date()
  day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7) - 7 * weeks)
  return day.toISOString().slice(0, 10)
}

const week = (service: string, i: number): Week => ({
  service,
  monday: mondayBefore(i),
  ...{ deployed: 1e9, rolled_back: 1e9, changes: 1e9, failed: 1e9 - 1, lead_seconds: 1e10, restore_seconds: 1e10 },
  ...{ waited_seconds: 1e10, model_calls: 1e9, input_tokens: 1e15, output_tokens: 1e15, model_cost: 1e12 },
})

const deps: Partial<AppDeps> = {
  policy: { ...policy, services, environments },
  live: async () => places.map((place, i) => ({ ...place, tag: wordsFor(i), sha: SHA, since: START, url: NOWHERE })),
  branches: {
    waiting: async () => ({
      live: { tag: LONG, sha: SHA },
      head: SHA,
      commits: 300,
      url: 'https://github.test/compare',
    }),
  },
  deployments: {
    latest: async () => places.flatMap((place) => Array.from({ length: 20 }, (_, i) => deployment(place, i))),
    weeks: async () => ['backend', LONG, EVIL].flatMap((name) => Array.from({ length: 52 }, (_, i) => week(name, i))),
  },
  lanes: {
    locked: async () =>
      places.map(({ environment }, i) => ({
        ...{ thread_id: THREAD, service: null, environment, reason: wordsFor(i), by: NAME, since: START, until: START },
      })),
    running: async () => places.map((place, i) => ({ ...place, thread_id: THREAD, title: wordsFor(i), since: START })),
  },
  parts: WORDS.map((what, i) => ({
    ...{ name: `part ${i}`, what, pulse: `${i}` },
    check: () => (i === 0 ? Promise.resolve(LONG) : Promise.reject(new Error(what))),
  })),
  pulses: () =>
    Object.fromEntries(
      WORDS.map((why, i) => [i, { worked_at: START, failed_at: START, why, worked: 1e12, failed: 1e12 }]),
    ),
  strings: {
    stands: [{ name: 'GitHub', url: NOWHERE }],
    pulls: WORDS.map((words, i) => ({ name: `${i}`, words })),
    pull: async () => {},
  },
}

/** The pages over a world that says whatever can break them. */
export const startHostileApp = async (atEnd: (clean: () => Promise<void>) => void) => {
  const { connection, drop } = await freshDatabase()
  atEnd(drop)
  const app = await startApp(connection, deps, atEnd)
  for (const name of WORDS) {
    await app.store.tokens.create({
      name: name.slice(0, 80),
      scopes: ['read', 'approve'],
      person: NAME,
      expires_in_days: 9,
    })
  }
  await fetch(`${app.url}/webhooks/github`, {
    method: 'POST',
    body: '{}',
    headers: { 'content-type': 'application/json' },
  })
  return app
}
