import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { look, lookAround } from '../../src/agent/look.ts'
import { type Ports, ToolError, type Tools } from '../../src/agent/ports.ts'
import type { Deploying, OpenRun } from '../../src/thread/event.ts'
import type { HeldLock } from '../../src/thread/lane.ts'

const busy: Deploying[] = [
  { service: 'backend', environment: 'staging', thread_id: 'me', title: 'mine' },
  { service: 'frontend', environment: 'staging', thread_id: 'other', title: 'theirs' },
]
const lock: HeldLock = {
  service: null,
  environment: 'production',
  reason: 'incident',
  by: 'lead',
  since: '2026-11-23T08:00:00.000Z',
  until: null,
  thread_id: 'lock',
}

const run: OpenRun = {
  services: ['backend'],
  workflow: 'deploy-backend.yml',
  status: 'in_progress',
  title: 'Deploy by hand',
  by: 'octocat',
  since: '2026-11-23T08:00:00Z',
  html_url: 'https://github.test/run/1',
}
const none: Tools['openRuns'] = async () => []

const eyes = (read: Tools['read'], locks: HeldLock[] = [], openRuns = none) => ({
  tools: { read, openRuns } as Tools,
  lanes: { busy: async () => busy, locked: async () => locks } as unknown as Ports['lanes'],
})
const reading =
  (ms: { list_git_tags?: number; check_deployment_status?: number }): Tools['read'] =>
  async ({ intent }) => {
    await pause(ms[intent as keyof typeof ms] ?? 0)
    if (intent === 'list_git_tags') return { intent, data: { tags: [], more: false } }
    return { intent: 'check_deployment_status', data: { live: [] } }
  }
const both = { list_git_tags: 200, check_deployment_status: 200 }

describe('what is looked up before the model is asked', () => {
  test('says what is live, who else deploys, and what is locked', async () => {
    const found = await look(eyes(reading({}), [lock]), { intent: 'check_deployment_status' }, 'me')
    expect(found.data).toEqual({ live: [], deploying: [busy[1]], locks: [lock] })
  })
  test('and what others started at GitHub, where that can be seen', async () => {
    const step = { intent: 'check_deployment_status' } as const
    expect(
      (
        await look(
          eyes(reading({}), [], async () => [run]),
          step,
          'me',
        )
      ).data,
    ).toMatchObject({ open_runs: [run] })
    const hidden: Tools['openRuns'] = async () => {
      throw new ToolError('github_forbidden', 'Actions: read is missing')
    }
    expect((await look(eyes(reading({}), [], hidden), step, 'me')).data).not.toHaveProperty('open_runs')
  })
  test('all at once', async () => {
    const began = performance.now()
    expect(await lookAround(eyes(reading(both)), 'me')).toMatchObject({ type: 'facts_fetched', results: [{}, {}] })
    expect(performance.now() - began).toBeLessThan(390)
  })
  test('without what is late', async () =>
    expect(await lookAround(eyes(reading({ list_git_tags: 5_000 })), 'me', 100)).toMatchObject({
      type: 'facts_fetched',
      results: [{ intent: 'check_deployment_status' }],
    }))
  test('or is a failure that may pass, where all of it is', async () =>
    expect(await lookAround(eyes(reading(both)), 'me', 20)).toMatchObject({
      type: 'facts_failed',
      code: 'facts_late',
      retry_after_ms: 2_000,
    }))
  test('or is the failure that GitHub tells', async () => {
    const read: Tools['read'] = async () => {
      throw new ToolError('github_unavailable', 'GitHub answered 503', { retryAfterMs: 2_000 })
    }
    expect(await lookAround(eyes(read), 'me')).toMatchObject({ code: 'github_unavailable', retry_after_ms: 2_000 })
  })
})
