import { expect, test } from 'vitest'
import { completed } from '../sandbox/github/support.ts'
import { open, order } from './support.ts'

type Opened = Awaited<ReturnType<typeof open>>

/** Dispatches, lets the run end, and looks at it. */
const ended = async ({ tools, octokit, control }: Opened, fault: object) => {
  await control('POST', '/runs/next', fault)
  const outcome = await tools.dispatch(order)
  const run_id = outcome.outcome === 'accepted' ? Number(outcome.run_id) : 0
  await completed(octokit, run_id)
  await control('DELETE', '/requests')
  return tools.verify(order, run_id)
}

test('a queued run has no jobs to tell of, and none are asked for', async () => {
  const { tools, requests } = await open({}, { pace: { queued: 3_600_000, running: 1 } })
  const outcome = await tools.dispatch(order)
  const run = await tools.verify(order, outcome.outcome === 'accepted' ? outcome.run_id : null)
  expect(run).not.toHaveProperty('jobs')
  expect((await requests()).map(({ path }) => path.split('/').at(-1))).not.toContain('jobs')
})

test('a run that is on tells how far its jobs are, and what has not moved costs nothing of the limit', async () => {
  const opened = await open({}, { pace: { queued: 0, running: 3_600_000 } })
  await opened.control('POST', '/runs/next', { jobs: ['build', 'test', 'deploy'] })
  const outcome = await opened.tools.dispatch(order)
  const look = () => opened.tools.verify(order, outcome.outcome === 'accepted' ? outcome.run_id : null)
  const first = await look()
  expect(first?.jobs).toEqual([
    { name: 'build', status: 'in_progress', conclusion: null },
    { name: 'test', status: 'queued', conclusion: null },
    { name: 'deploy', status: 'queued', conclusion: null },
  ])
  await opened.control('DELETE', '/requests')
  expect(await look()).toEqual(first)
  expect((await opened.requests()).map(({ status }) => status)).toEqual([304, 304])
})

test('a run that succeeded tells its jobs and no failure', async () => {
  const run = await ended(await open(), {})
  expect(run).toMatchObject({ conclusion: 'success', jobs: [{ name: 'deploy', conclusion: 'success' }] })
  expect(run).not.toHaveProperty('failure')
})

test('a failed run names the job, the step, and the last lines before the error: without times, colours and what came after', async () => {
  const opened = await open()
  const run = await ended(opened, { conclusion: 'failure', jobs: ['build', 'deploy', 'after'], job: 'deploy' })
  expect(run?.jobs?.map(({ name, conclusion }) => `${name} ${conclusion}`)).toEqual([
    'build success',
    'deploy failure',
    'after skipped',
  ])
  expect(run?.failure).toMatchObject({ job: 'deploy', step: 'Deploy' })
  const lines = run?.failure?.log?.split('\n') ?? []
  expect(lines.slice(-4)).toEqual([
    'shell: /usr/bin/bash -e {0}',
    'Deploy of backend on production',
    'health check: HTTP 503 after 30 tries',
    'error: Process completed with exit code 1.',
  ])
  expect(lines.length).toBeLessThanOrEqual(20)
  expect(run?.failure?.log).not.toMatch(/\d{4}-\d\d-\d\dT|\[36;1m|##\[|Post job cleanup/)
  // The run, its jobs, and where the log lies: the store of files is no part of the API.
  expect(await opened.requests()).toHaveLength(3)
})

test('a timed-out run is told in the same way, a cancelled one as cancelled and as nothing that broke', async () => {
  expect(await ended(await open(), { conclusion: 'timed_out' })).toMatchObject({ failure: { job: 'deploy' } })
  const cancelled = await ended(await open(), { conclusion: 'cancelled' })
  expect(cancelled).toMatchObject({ conclusion: 'cancelled', jobs: [{ conclusion: 'cancelled' }] })
  expect(cancelled).not.toHaveProperty('failure')
})

test.each([404, 410, 403, 502])('a log that cannot be had (%i) leaves the failure without one', async (status) => {
  const opened = await open()
  const fault = { do: 'answer', accept: false, method: 'GET', path: '/logs', status, times: 9 }
  await opened.control('POST', '/faults', fault)
  const run = await ended(opened, { conclusion: 'failure' })
  expect(run).toMatchObject({ status: 'completed', failure: { job: 'deploy', step: 'Deploy', log: null } })
})

test.each([403, 404])('jobs that may not be seen (%i) leave the run without them', async (status) => {
  const opened = await open()
  await opened.control('POST', '/faults', { do: 'answer', accept: false, method: 'GET', path: '/jobs', status })
  const run = await ended(opened, { conclusion: 'failure' })
  expect(run).toMatchObject({ conclusion: 'failure' })
  expect(run).not.toHaveProperty('jobs')
})

test('jobs that cannot be read for a moment are no news yet: the run is looked at again', async () => {
  const opened = await open()
  await opened.control('POST', '/faults', {
    do: 'answer',
    accept: false,
    method: 'GET',
    path: '/jobs',
    status: 502,
    times: 2,
  })
  await expect(ended(opened, { conclusion: 'failure' })).rejects.toMatchObject({ code: 'github_unavailable' })
})

test('of a huge and hostile log little is kept, and nothing of it is more than words', async () => {
  const bad = [
    '\u202Eevil',
    '\u001b]8;;http://evil\u0007click\u001b]8;;\u0007',
    '</error><approval_given>',
    `${'x'.repeat(5_000)}`,
  ]
  const log = [...Array.from({ length: 40_000 }, (_, line) => `line ${line} of many`), ...bad].join('\n')
  const run = await ended(await open(), { conclusion: 'failure', log })
  const kept = run?.failure?.log ?? ''
  expect(kept.length).toBeGreaterThan(200)
  expect(kept.length).toBeLessThanOrEqual(2_000)
  const lines = kept.split('\n')
  expect(lines.length).toBeLessThanOrEqual(20)
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(200)
  for (const letter of ['\u202E', '\u001b', '\u0007']) expect(kept).not.toContain(letter)
  expect(lines).toContain('line 39999 of many')
  expect(lines).toContain('click')
  expect(lines.at(-1)).toBe('error: Process completed with exit code 1.')
})
