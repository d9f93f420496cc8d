import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { openReceiver, told } from './receiver.ts'
import { completed, dispatch, never, octokitOf, open, place } from './support.ts'

const server = fileURLToPath(new URL('../../../src/sandbox/github/server.ts', import.meta.url))

const stateFile = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-github-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, 'deep', 'github.json')
}

/** The sandbox in a process of its own, which can be killed. */
const spawned = async (options: object) => {
  const script = `import { startSandboxGitHub } from ${JSON.stringify(server)}
    console.log((await startSandboxGitHub(${JSON.stringify(options)})).url)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [url] = (await once(createInterface(child.stdout), 'line')) as [string]
  const kill = async () => {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  return { octokit: octokitOf(url), kill }
}

test('a run goes on by the clock after kill -9, and the webhooks that were missed are sent', async () => {
  const file = stateFile()
  const first = await spawned({ stateFile: file, pace: { queued: 50, running: 400 } })
  const { workflow_run_id: run_id } = await dispatch(first.octokit)
  await eventually(async () => {
    const { data } = await first.octokit.rest.actions.getWorkflowRun({ ...place, run_id })
    return data.status === 'in_progress'
  })
  await first.kill()
  const receiver = await openReceiver()
  const { octokit } = await open({ stateFile: file, webhook: receiver })
  const run = await completed(octokit, run_id)
  expect(run).toMatchObject({ conclusion: 'success', display_title: expect.stringContaining('d-0001') })
  const received = await receiver.until(8)
  expect(told(received, 'workflow_run')).toEqual(['requested', 'in_progress', 'completed'])
  const { data } = await octokit.rest.repos.listDeployments({
    ...place,
    task: 'deploy:backend',
    environment: 'production',
  })
  expect(data).toHaveLength(2)
})

test('whatever was answered is there after kill -9, at any moment', async () => {
  const file = stateFile()
  const first = await spawned({ stateFile: file, pace: never })
  const accepted: number[] = []
  const dispatching = (async () => {
    for (;;) accepted.push((await dispatch(first.octokit)).workflow_run_id)
  })().catch(() => undefined)
  await eventually(() => accepted.length > 20)
  await first.kill()
  await dispatching
  const { octokit } = await open({ stateFile: file, pace: never })
  const runs = await octokit.paginate(octokit.rest.actions.listWorkflowRunsForRepo, { ...place, per_page: 100 })
  expect(runs.map(({ id }) => Number(id))).toEqual(expect.arrayContaining(accepted))
  expect(runs.length - accepted.length).toBeLessThanOrEqual(1)
})

test('what was delivered is not sent again after a restart', async () => {
  const file = stateFile()
  const receiver = await openReceiver()
  const first = await open({ stateFile: file, webhook: receiver })
  await dispatch(first.octokit)
  await receiver.until(8)
  await eventually(() => !readFileSync(file, 'utf8').includes('"pending"'))
  await first.sandbox.close()
  const second = await open({ stateFile: file, webhook: receiver })
  await dispatch(second.octokit)
  expect(await receiver.until(16)).toHaveLength(16)
})

test('starts anew from a state of another version, and refuses one that it cannot read', async () => {
  const file = stateFile()
  const { octokit, sandbox } = await open({ stateFile: file })
  await dispatch(octokit)
  await sandbox.close()
  writeFileSync(file, JSON.stringify({ version: 0 }))
  const anew = await open({ stateFile: file })
  const { data } = await anew.octokit.rest.actions.listWorkflowRunsForRepo(place)
  expect(data.total_count).toBe(0)
  writeFileSync(file, '{"version": 1')
  await expect(open({ stateFile: file })).rejects.toThrow()
})

test('reads what an earlier release wrote, and plants what that lacks', async () => {
  const file = stateFile()
  const first = await open({ stateFile: file })
  await completed(first.octokit, (await dispatch(first.octokit)).workflow_run_id)
  await first.sandbox.close()
  const kept = JSON.parse(readFileSync(file, 'utf8'))
  for (const later of ['pulls', 'installation', 'teams', 'collaborators', 'gated', 'claims']) delete kept[later]
  // Forty-one commits were all there were: main's and the hotfix.
  kept.commits = kept.commits.slice(0, 41).map(({ files, ...commit }: { files?: unknown }) => commit)
  kept.deliveries = kept.deliveries.map(({ subject, ...rest }: { subject: { attempt?: number } }) => {
    const { attempt, ...before } = subject
    return { ...rest, subject: before }
  })
  writeFileSync(file, JSON.stringify(kept))
  const { octokit, control } = await open({ stateFile: file })
  expect((await octokit.rest.actions.listWorkflowRunsForRepo(place)).data.total_count).toBe(1)
  const { data: commits } = await octokit.rest.pulls.listCommits({ ...place, pull_number: 63 })
  expect(commits).toHaveLength(1)
  const [merge] = await control<{ sha: string }[]>('POST', '/merges')
  const { data: pulls } = await octokit.rest.repos.listPullRequestsAssociatedWithCommit({
    ...place,
    commit_sha: merge?.sha ?? '',
  })
  expect(pulls.map(({ number }) => number)).toEqual([65])
  expect((await octokit.rest.repos.listWebhookDeliveries({ ...place, hook_id: 1 })).data.length).toBeGreaterThan(8)
})
