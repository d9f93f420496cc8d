import { expect, test } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { openReceiver, verify } from './receiver.ts'
import { head, open, place } from './support.ts'

const zeros = '0'.repeat(40)

test('makes, moves and deletes a tag, each with its news', async () => {
  const receiver = await openReceiver()
  const { octokit, control } = await open({ webhook: receiver })
  await control('POST', '/tags', { name: 'v2.0.0', to: 'v1.2.4' })
  await control('POST', '/tags', { name: 'v2.0.0', to: 'v1.2.2' })
  await control('DELETE', '/tags/v2.0.0')
  await expect(octokit.rest.git.getRef({ ...place, ref: 'tags/v2.0.0' })).rejects.toMatchObject({ status: 404 })
  const received = await receiver.until(5)
  expect(received.map(({ event }) => event)).toEqual(['create', 'push', 'push', 'delete', 'push'])
  expect(received[0]?.payload).toMatchObject({ ref: 'v2.0.0', ref_type: 'tag', master_branch: 'main' })
  expect(received[1]?.payload).toMatchObject({ ref: 'refs/tags/v2.0.0', before: zeros, created: true, commits: [] })
  expect(received[2]?.payload).toMatchObject({ forced: true, created: false, deleted: false })
  expect(received[4]?.payload).toMatchObject({ after: zeros, deleted: true, head_commit: null })
  for (const { body, signature } of received) expect(await verify(body, signature)).toBe(true)
  await expect(control('DELETE', '/tags/v2.0.0')).rejects.toThrow('404')
})

test('tells the commits that came with a push', async () => {
  const receiver = await openReceiver()
  const { control } = await open({ webhook: receiver })
  const pushed = { message: 'Fix it', author: 'tomasrey', files: ['a.ts'] }
  const { sha } = await control<{ sha: string }>('POST', '/commits', pushed)
  const [push] = await receiver.until(1)
  expect(push?.payload).toMatchObject({
    ref: 'refs/heads/main',
    before: head,
    after: sha,
    commits: [{ id: sha, message: 'Fix it', author: { username: 'tomasrey' }, modified: ['a.ts'] }],
    head_commit: { id: sha },
    pusher: { name: 'tomasrey' },
  })
})

test('rewrites main by force, and still compares with what was there before', async () => {
  const receiver = await openReceiver()
  const { octokit, control } = await open({ webhook: receiver })
  const { sha } = await control<{ sha: string }>('POST', '/force-push', { drop: 2, message: 'Rewritten' })
  const { data } = await octokit.rest.repos.compareCommitsWithBasehead({ ...place, basehead: `${head}...main` })
  expect(data).toMatchObject({ status: 'diverged', ahead_by: 1, behind_by: 2 })
  expect((await octokit.rest.repos.getCommit({ ...place, ref: head })).data.sha).toBe(head)
  const [push] = await receiver.until(1)
  expect(push?.payload).toMatchObject({ before: head, after: sha, forced: true, commits: [{ id: sha }] })
  await control('POST', '/force-push', { drop: 1 })
  const behind = await octokit.rest.repos.compareCommitsWithBasehead({ ...place, basehead: `${head}...main` })
  expect(behind.data).toMatchObject({ status: 'behind', ahead_by: 0, behind_by: 2 })
  await expect(control('POST', '/force-push', { drop: 99 })).rejects.toThrow('422')
})

test('makes, moves and deletes refs as octokit asks: backwards only by force', async () => {
  const { octokit } = await open()
  const old = (await octokit.rest.repos.getCommit({ ...place, ref: 'v1.2.2' })).data.sha
  const ref = 'heads/feature/x'
  expect((await octokit.rest.git.createRef({ ...place, ref: `refs/${ref}`, sha: head })).status).toBe(201)
  await expect(octokit.rest.git.createRef({ ...place, ref: `refs/${ref}`, sha: head })).rejects.toMatchObject({
    status: 422,
  })
  await expect(octokit.rest.git.updateRef({ ...place, ref, sha: old })).rejects.toMatchObject({
    message: expect.stringContaining('not a fast forward'),
  })
  const { data } = await octokit.rest.git.updateRef({ ...place, ref, sha: old, force: true })
  expect(data.object.sha).toBe(old)
  await octokit.rest.git.updateRef({ ...place, ref, sha: head })
  expect((await octokit.rest.git.deleteRef({ ...place, ref })).status).toBe(204)
  await expect(octokit.rest.git.deleteRef({ ...place, ref })).rejects.toMatchObject({ status: 422 })
  await expect(octokit.rest.git.updateRef({ ...place, ref, sha: head })).rejects.toMatchObject({ status: 422 })
})

test('tells two pushes backwards when told so', async () => {
  const receiver = await openReceiver()
  const { control, sandbox } = await open()
  await control('PUT', '/webhooks', { mode: 'reversed' })
  await control('POST', '/commits', { message: 'One' })
  await control('POST', '/commits', { message: 'Two' })
  sandbox.setWebhook(receiver)
  const received = await receiver.until(2)
  expect(
    received.map(({ payload }) => (payload as { head_commit?: { message: string } }).head_commit?.message),
  ).toEqual(['Two', 'One'])
})

test('pings when asked, and sends a push again under its id', async () => {
  const receiver = await openReceiver()
  const { octokit, control } = await open({ webhook: receiver })
  expect((await octokit.rest.repos.pingWebhook({ ...place, hook_id: 1 })).status).toBe(204)
  await control('POST', '/commits', { message: 'One' })
  const [ping, push] = await receiver.until(2)
  expect(ping).toMatchObject({ event: 'ping', payload: { hook_id: 1, zen: expect.any(String) } })
  const deliveries = await eventually(async () => {
    const { data } = await octokit.rest.repos.listWebhookDeliveries({ ...place, hook_id: 1 })
    return data.every(({ status_code }) => status_code === 202) && data
  })
  expect(deliveries[0]).toMatchObject({ event: 'push', action: null })
  await octokit.rest.repos.redeliverWebhookDelivery({ ...place, hook_id: 1, delivery_id: Number(deliveries[0]?.id) })
  const again = (await receiver.until(3))[2]
  expect(again).toMatchObject({ delivery: push?.delivery, body: push?.body })
})
