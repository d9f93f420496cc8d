import { expect, test } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { openReceiver, told, verify } from './receiver.ts'
import { completed, dispatch, open, place } from './support.ts'

const PER_RUN = 8

test('tells each step of a run in order, signed so that octokit accepts it', async () => {
  const receiver = await openReceiver()
  const { octokit } = await open({ webhook: receiver })
  const { workflow_run_id } = await dispatch(octokit)
  const received = await receiver.until(PER_RUN)
  expect(told(received, 'workflow_run')).toEqual(['requested', 'in_progress', 'completed'])
  expect(told(received, 'workflow_job')).toEqual(['queued', 'in_progress', 'completed'])
  expect(told(received, 'deployment_status')).toEqual(['created', 'created'])
  expect(received.at(-1)?.payload.workflow_run).toMatchObject({ id: workflow_run_id, conclusion: 'success' })
  expect(received[0]?.payload.workflow_run).toMatchObject({ status: 'queued', conclusion: null })
  for (const { body, signature } of received) expect(await verify(body, signature)).toBe(true)
  expect(await verify(`${received[0]?.body} `, received[0]?.signature ?? '')).toBe(false)
  expect(new Set(received.map(({ delivery }) => delivery)).size).toBe(PER_RUN)
})

test('keeps what it owes until a webhook is set', async () => {
  const receiver = await openReceiver()
  const { octokit, sandbox } = await open()
  await completed(octokit, (await dispatch(octokit)).workflow_run_id)
  sandbox.setWebhook(receiver)
  const received = await receiver.until(PER_RUN)
  expect(told(received, 'workflow_run')).toEqual(['requested', 'in_progress', 'completed'])
})

test('delivers everything twice under the same id', async () => {
  const receiver = await openReceiver()
  const { octokit, control } = await open({ webhook: receiver })
  await control('PUT', '/webhooks', { mode: 'twice' })
  await dispatch(octokit)
  const received = await receiver.until(2 * PER_RUN)
  expect(new Set(received.map(({ delivery }) => delivery)).size).toBe(PER_RUN)
  expect(received[0]?.body).toBe(received[1]?.body)
})

test('delivers backwards: completed before it was in progress', async () => {
  const receiver = await openReceiver()
  const { octokit, control } = await open({ webhook: receiver })
  await control('PUT', '/webhooks', { mode: 'reversed' })
  await dispatch(octokit)
  const received = await receiver.until(PER_RUN)
  expect(told(received, 'workflow_run')).toEqual(['completed', 'in_progress', 'requested'])
})

test('delivers nothing when told so, and one of them when asked again', async () => {
  const receiver = await openReceiver()
  const { octokit, control } = await open({ webhook: receiver })
  await control('PUT', '/webhooks', { mode: 'off' })
  await completed(octokit, (await dispatch(octokit)).workflow_run_id)
  const { data } = await octokit.rest.repos.listWebhookDeliveries({ ...place, hook_id: 1 })
  const last = data.find(({ event, action }) => event === 'workflow_run' && action === 'completed')
  expect(receiver.received).toEqual([])
  const asked = { ...place, hook_id: 1, delivery_id: Number(last?.id) }
  expect((await octokit.rest.repos.redeliverWebhookDelivery(asked)).status).toBe(202)
  const received = await receiver.until(1)
  expect(received[0]).toMatchObject({ delivery: last?.guid, event: 'workflow_run' })
})

test('lists deliveries with the answers they got, and never sends again by itself', async () => {
  const receiver = await openReceiver(500)
  const { octokit } = await open({ webhook: receiver })
  await dispatch(octokit)
  await receiver.until(PER_RUN)
  const failed = await eventually(async () => {
    const { data } = await octokit.rest.repos.listWebhookDeliveries({ ...place, hook_id: 1 })
    return data.every(({ status_code }) => status_code === 500) && data
  })
  expect(failed).toHaveLength(PER_RUN)
  expect(receiver.received).toHaveLength(PER_RUN)
  const asked = { ...place, hook_id: 1, delivery_id: Number(failed[0]?.id) }
  const { data: one } = await octokit.rest.repos.getWebhookDelivery(asked)
  expect(JSON.stringify(one.request.payload)).toBe(receiver.received.at(-1)?.body)
})

test('goes on when nobody listens', async () => {
  const { octokit } = await open({ webhook: { url: 'http://127.0.0.1:9/' } })
  const { workflow_run_id } = await dispatch(octokit)
  expect(await completed(octokit, workflow_run_id)).toMatchObject({ conclusion: 'success' })
})
