import { expect, test } from 'vitest'
import { completed, never } from '../sandbox/github/support.ts'
import { eventually } from '../support/eventually.ts'
import { nowhere, open, order, toolsOf } from './support.ts'

test('finds the run of a dispatch by its number', async () => {
  const { tools } = await open({}, { pace: never })
  const accepted = await tools.dispatch(order)
  const run_id = accepted.outcome === 'accepted' ? accepted.run_id : null
  expect(await tools.verify(order, run_id)).toEqual({
    dispatch_id: order.dispatch_id,
    run_id,
    attempt: 1,
    status: 'queued',
    conclusion: null,
    html_url: expect.stringContaining(String(run_id)),
  })
  expect(await tools.verify(order, 1)).toBeNull()
})

test('finds a run whose answer was lost by its name, once GitHub shows it', async () => {
  const { tools, control } = await open()
  await control('POST', '/runs/next', { hidden_ms: 300 })
  await control('POST', '/faults', { do: 'drop', accept: true })
  expect(await tools.dispatch(order)).toMatchObject({ outcome: 'unclear' })
  expect(await tools.verify(order, null)).toBeNull()
  const found = await eventually(() => tools.verify(order, null))
  expect(found).toMatchObject({ dispatch_id: order.dispatch_id, attempt: 1 })
})

test('takes no other run for it, and the first where there are two', async () => {
  const { tools } = await open({}, { pace: never })
  await tools.dispatch({ ...order, dispatch_id: `x${order.dispatch_id}` })
  await tools.dispatch({ ...order, workflow: 'deploy-frontend.yml' })
  expect(await tools.verify(order, null)).toBeNull()
  const first = await tools.dispatch(order)
  await tools.dispatch(order)
  expect(await tools.verify(order, null)).toMatchObject({ run_id: first.outcome === 'accepted' && first.run_id })
})

test('finds a run behind a hundred newer ones', async () => {
  const { tools } = await open({}, { pace: never })
  const first = await tools.dispatch(order)
  for (let count = 0; count < 120; count += 1) await tools.dispatch({ ...order, dispatch_id: `other-${count}` })
  expect(await tools.verify(order, null)).toMatchObject({ run_id: first.outcome === 'accepted' && first.run_id })
})

test('reports how a run ended', async () => {
  const { tools, control, octokit } = await open()
  await control('POST', '/runs/next', { conclusion: 'timed_out' })
  const accepted = await tools.dispatch(order)
  await completed(octokit, Number(accepted.outcome === 'accepted' && accepted.run_id))
  expect(await tools.verify(order, null)).toMatchObject({ status: 'completed', conclusion: 'timed_out' })
})

test('cancels a run that is on, and says why it cannot cancel one that ended', async () => {
  const { tools, octokit } = await open({}, { pace: { queued: 0, running: 3_600_000 } })
  const accepted = await tools.dispatch(order)
  const run_id = Number(accepted.outcome === 'accepted' && accepted.run_id)
  expect(await tools.cancelRun('acme/shop', run_id)).toMatchObject({ accepted: true })
  await completed(octokit, run_id)
  expect(await tools.verify(order, run_id)).toMatchObject({ status: 'completed', conclusion: 'cancelled' })
  expect(await tools.cancelRun('acme/shop', run_id)).toEqual({
    accepted: false,
    message: 'GitHub answered 409: Cannot cancel a workflow run that is completed.',
  })
})

test('a cancellation that cannot be asked for is not accepted, and does not throw', async () => {
  const { tools, control, requests } = await open()
  expect(await tools.cancelRun('acme/shop', 1)).toMatchObject({ accepted: false })
  await control('POST', '/faults', { do: 'answer', accept: false, status: 502, path: '/cancel', times: 9 })
  expect(await tools.cancelRun('acme/shop', 1)).toMatchObject({ accepted: false })
  expect((await requests()).length).toBe(2)
  expect(await toolsOf(await nowhere()).cancelRun('acme/shop', 1)).toMatchObject({ accepted: false })
})
