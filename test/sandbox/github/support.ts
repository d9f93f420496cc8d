import { Octokit } from 'octokit'
import { onTestFinished } from 'vitest'
import { type SandboxGitHubOptions, startSandboxGitHub } from '../../../src/sandbox/github/server.ts'
import { eventually } from '../../support/eventually.ts'

export const place = { owner: 'acme', repo: 'shop' }
/** Fast, but slow enough that a test can look in between. */
const quick = { queued: 60, running: 60 }
export const never = { queued: 3_600_000, running: 3_600_000 }
export const head = '4af9ec093803cf55ae35377ab98e917fa44a04b1'

const nothing = () => undefined
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing }

export const octokitOf = (baseUrl: string, auth: string | undefined = 'sandbox'): Octokit =>
  new Octokit({
    baseUrl,
    log: silent,
    retry: { enabled: false },
    throttle: { enabled: false },
    ...(auth ? { auth } : {}),
  })

/** A sandbox that ends with the test, a real octokit to talk to it, and its strings. */
export const open = async (options: SandboxGitHubOptions = {}, finished = onTestFinished) => {
  const sandbox = await startSandboxGitHub({ pace: quick, ...options })
  finished(sandbox.close)
  const control = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await fetch(`${sandbox.url}/_sandbox${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as T
  }
  return { sandbox, octokit: octokitOf(sandbox.url), control }
}

export const inputs = {
  dispatch_id: 'd-0001',
  service: 'backend',
  environment: 'production',
  tag: 'v1.2.3',
  sha: '73e95c5ebd7de8f3a32ffcc3283d87b1e48f8582',
}

export const dispatch = async (
  octokit: Octokit,
  more: Partial<typeof inputs> = {},
  workflow = 'deploy-backend.yml',
) => {
  const { data } = await octokit.request('POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches', {
    ...place,
    workflow_id: workflow,
    ref: 'main',
    inputs: { ...inputs, ...more },
    return_run_details: true,
  })
  return data as unknown as { workflow_run_id: number; run_url: string; html_url: string }
}

export const completed = (octokit: Octokit, run_id: number) =>
  eventually(async () => {
    const { data } = await octokit.rest.actions.getWorkflowRun({ ...place, run_id })
    return data.status === 'completed' && data
  })
