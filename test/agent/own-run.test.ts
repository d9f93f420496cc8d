import { expect, test } from 'vitest'
import { createDispatchOf, withOrigin } from '../../src/agent/own-run.ts'
import type { Facts, GateFacts } from '../../src/thread/event.ts'
import { Unreadable } from '../../src/thread/situation.ts'
import {
  accepted,
  approves,
  asked,
  cancels,
  facts,
  looked,
  prepared,
  proposed,
  runIs,
  running,
  START,
  story,
  THREAD,
  unclear,
} from '../thread/spec.ts'

const started = [asked(), looked, proposed, prepared(), approves(), prepared()]
const dispatchId = `${THREAD}-${story(running).events.findLast(({ type }) => type === 'tool_started')?.seq}`

type Gated = Facts & { gate: GateFacts }
const gated = (gate: Partial<GateFacts> = {}, more: Partial<Facts> = {}): Gated => ({
  ...facts({ sha: 'e'.repeat(40), ...more }),
  gate: {
    run_id: 7,
    attempt: 1,
    title: `Deploy backend v1.2.3 to production ${dispatchId}`,
    event: 'workflow_dispatch',
    requested_by: 'deploybot',
    html_url: 'http://github.test/runs/7',
    commit_by: 'inputs',
    dispatched_by: null,
    ...gate,
  },
})

/** Whose run it is, where this has happened in the one thread that there is. */
const whose = (steps: Parameters<typeof story>[0], run: Gated, ofRun: string | null = null) => {
  const { events } = story(steps)
  const load = async (id: string) => ({ events: id === THREAD ? events : [], now: START })
  return createDispatchOf({ load }, { threadOfRun: async () => ofRun })(run)
}
const ours = { thread_id: THREAD, dispatch_id: dispatchId }

test('a run is ours by the number that GitHub gave it when we dispatched', async () => {
  expect(await whose(running, gated())).toEqual(ours)
})
test('also where the team gave it another name', async () => {
  expect(await whose(running, gated({ title: 'Deploy' }), THREAD)).toEqual(ours)
})
test('its commit is that of the branch, not the one that is deployed: it says nothing', async () => {
  expect(await whose(running, gated({}, { sha: 'f'.repeat(40) }))).toEqual(ours)
})
test('another run with that name is nobody we know', async () => {
  expect(await whose(running, gated({ run_id: 8 }))).toBeNull()
})
test.each<[string, Gated]>([
  ['another environment', gated({}, { environment: 'staging' })],
  ['another workflow', gated({}, { workflow: 'deploy-frontend.yml' })],
  ['another branch', gated({}, { ref: 'feature' })],
  ['another attempt', gated({ attempt: 2 })],
])('what was approved was not for %s', async (_, run) => {
  expect(await whose(running, run)).toBeNull()
})
test('a thread that was cancelled, or has ended, vouches for nothing', async () => {
  expect(await whose([...running, cancels()], gated())).toBeNull()
  expect(await whose([...running, runIs('completed', 'success')], gated())).toBeNull()
})
test('before GitHub has told the number nobody knows, so it is asked again soon', async () => {
  const undecided = { code: 'gate_undecided', retryAfterMs: expect.any(Number) }
  await expect(whose(started, gated())).rejects.toMatchObject(undecided)
  await expect(whose([...started, unclear], gated())).rejects.toMatchObject(undecided)
  await expect(whose([...started, accepted(null)], gated())).rejects.toMatchObject(undecided)
  expect(await whose(started, gated({ title: 'Deploy' }))).toBeNull()
})
test('a log that cannot be read vouches for nothing', async () => {
  const load = () => Promise.reject(new Unreadable('broken'))
  expect(await createDispatchOf({ load }, { threadOfRun: async () => null })(gated())).toBeNull()
})
test('facts of a deployment are left as they are', async () => {
  const deployment = facts()
  expect(await withOrigin(deployment, { dispatchOf: () => Promise.reject(new Error('asked')) })).toBe(deployment)
})
