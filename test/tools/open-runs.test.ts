import { expect, test } from 'vitest'
import { never } from '../sandbox/github/support.ts'
import { open, order } from './support.ts'

test('tells the runs of our workflows that others started and that have not ended, by one request', async () => {
  const { tools, octokit, requests } = await open({}, { pace: never })
  await tools.dispatch({ ...order, dispatch_id: '01890a5d-ac96-774b-bcce-b302099a8057-7' })
  await tools.dispatch({ ...order, dispatch_id: 'by hand' })
  await octokit.rest.actions.createWorkflowDispatch({
    ...{ owner: 'acme', repo: 'shop', workflow_id: 'e2e.yml', ref: 'main' },
    inputs: { service: 'backend', tag: 'v1.2.3', environment: 'staging', sha: order.sha, dispatch_id: 'tests' },
  })
  const before = (await requests()).length
  expect(await tools.openRuns()).toEqual([
    {
      services: ['backend'],
      workflow: 'deploy-backend.yml',
      status: 'queued',
      title: expect.stringMatching(/^Deploy backend .* by hand$/),
      by: expect.any(String),
      since: expect.any(String),
      html_url: expect.stringContaining('/actions/runs/'),
    },
  ])
  expect((await requests()).length - before).toBe(1)
})
