import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Event, EventOf, MergedPull } from '../../src/thread/event.ts'
import type { ThreadView } from '../../src/thread/view.ts'
import { startTestService, type TestService } from './service.ts'

const RULES = `repository: acme/shop
services:
  backend: { workflow: deploy-backend.yml, ref: main }
environments:
  staging: { approvals: 0 }
  production: { approvals: 1, approvers: [lead, local], self_approval: true, after: staging }
people:
  lead: { github: shop-lead }
  local: {}
release:
  on: pull_request_merged
  steps: [deploy staging, e2e staging, agent deploy production, e2e production, on_failure agent rollback]
`

/** A service that releases a shop of one part, and looks for merges all the time; `beside`: over another one's database. */
export const startReleases = async (beside?: TestService): Promise<TestService> => {
  const directory = await mkdtemp(join(tmpdir(), 'deploybot-releases-'))
  await writeFile(join(directory, 'deploybot.yaml'), RULES)
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  const env = { DEPLOYBOT_CONFIG: join(directory, 'deploybot.yaml') }
  return startTestService(env, undefined, { sweepMs: 50, ...(beside ? { beside } : {}) })
}

/** Pulls a string behind the stand-in's stage. */
export const control = async (bot: TestService, method: 'POST' | 'PUT' | 'DELETE', path: string, body?: object) => {
  const json = body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const answer = await fetch(`${bot.github()}/_sandbox/${path}`, { method, ...json })
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return answer.json() as Promise<unknown>
}

export const merge = async (bot: TestService, count = 1) =>
  (await control(bot, 'POST', 'merges', { count })) as Pick<MergedPull, 'number' | 'sha'>[]

/** The releases' ids, the oldest first. */
export const releasesOf = async (bot: TestService): Promise<string[]> => {
  const { threads } = (await bot.call('/threads?agent=release&limit=100')).body
  return threads.map(({ id }: { id: string }) => id).toReversed()
}

export const untilReleased = async (bot: TestService, nth = 0): Promise<string> => {
  for (;;) {
    const id = (await releasesOf(bot))[nth]
    if (id) return id
    await new Promise((resolve) => setTimeout(resolve, 30))
  }
}

/** The nth child of that agent, once it is launched. */
export const childOf = async (bot: TestService, id: string, agent: string, nth = 0): Promise<string> => {
  const launched = (event: Event): event is EventOf<'child_launched'> =>
    event.type === 'child_launched' && event.data.agent === agent
  const enough = ({ events }: ThreadView) => events.filter(launched).length > nth
  const view = await bot.until(id, `a ${agent} child`, enough)
  return view.events.filter(launched)[nth]?.data.child_id ?? ''
}

/** Says yes to whatever asks, until no release is open any more, and what came too late for one is in another. */
export const untilCalm = async (bot: TestService): Promise<void> => {
  const deadline = Date.now() + PATIENCE_MS
  for (;;) {
    const { threads } = (await bot.call('/threads?limit=100')).body as { threads: Standing[] }
    const releases = threads.filter(({ agent }) => agent === 'release')
    const open = releases.filter(({ status }) => !ENDED.includes(status))
    if (open.length === 0 && (await handedOn(bot, releases))) return
    if (Date.now() > deadline) throw new Error(`these never ended: ${JSON.stringify(open)}`)
    for (const { id } of threads.filter(({ status }) => status === 'awaiting_approval')) {
      const { waiting_for } = await bot.thread(id)
      if (waiting_for?.kind === 'approval') await bot.respond(id, waiting_for.seq, { approved: true })
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

const handedOn = async (bot: TestService, releases: Standing[]): Promise<boolean> => {
  const views = await Promise.all(releases.map(({ id }) => bot.thread(id)))
  return views.every(
    (view) => !outcomeOf(view)?.left.length || view.events.some(({ type }) => type === 'merges_handed_on'),
  )
}

interface Standing {
  id: string
  agent: string
  status: string
}

// A whole release by polling alone is four runs, each looked at after two seconds.
const PATIENCE_MS = 50_000
const ENDED = ['done', 'failed', 'cancelled']

/** The runs that GitHub has, by the names that end in their dispatch. */
export const runsOf = async (bot: TestService): Promise<{ display_title: string; conclusion: string | null }[]> => {
  const headers = { authorization: 'Bearer test' }
  const answer = await fetch(`${bot.github()}/repos/acme/shop/actions/runs?per_page=100`, { headers })
  return ((await answer.json()) as { workflow_runs: { display_title: string; conclusion: string | null }[] })
    .workflow_runs
}

/** The commit that runs in that place, as GitHub tells it; null: none. */
export const liveOn = async (bot: TestService, environment: string): Promise<string | null> => {
  const headers = { authorization: 'Bearer test' }
  const query = `environment=${environment}&task=deploy:backend&per_page=1`
  const answer = await fetch(`${bot.github()}/repos/acme/shop/deployments?${query}`, { headers })
  return ((await answer.json()) as { sha: string }[])[0]?.sha ?? null
}

export const outcomeOf = ({ events }: ThreadView): EventOf<'release_finished'>['data'] | undefined => {
  const last = events.findLast((event) => event.type === 'release_finished')
  return last?.type === 'release_finished' ? last.data : undefined
}

/** A release that stands at the question of its agent. */
export const askedRelease = async () => {
  const bot = await startReleases()
  await merge(bot)
  const release = await untilReleased(bot)
  const child = await childOf(bot, release, 'deploy')
  const { seq } = await bot.untilAsked(child, 'approval')
  return { bot, release, child, seq }
}
