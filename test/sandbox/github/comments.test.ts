import { expect, test } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { openReceiver } from './receiver.ts'
import { open, place } from './support.ts'

test('comments are listed, written, changed and reacted to', async () => {
  const { octokit } = await open()
  const { data: pulls } = await octokit.rest.pulls.list(place)
  const issue_number = pulls[0]?.number ?? 0
  const { data: made } = await octokit.rest.issues.createComment({ ...place, issue_number, body: 'hello' })
  expect(made.user).toMatchObject({ login: 'deploybot[bot]', type: 'Bot' })
  await octokit.rest.issues.updateComment({ ...place, comment_id: Number(made.id), body: 'hello again' })
  const react = () =>
    octokit.rest.reactions.createForIssueComment({ ...place, comment_id: Number(made.id), content: 'eyes' })
  expect([(await react()).status, (await react()).status]).toEqual([201, 200])
  const { data: all } = await octokit.rest.issues.listComments({ ...place, issue_number })
  expect(all.map(({ body }) => body)).toEqual(['hello again'])
  expect((await octokit.rest.users.getAuthenticated()).data.login).toBe('deploybot[bot]')
  await expect(octokit.rest.issues.createComment({ ...place, issue_number: 9999, body: 'x' })).rejects.toMatchObject({
    status: 404,
  })
})

test('what people write there is told', async () => {
  const receiver = await openReceiver()
  const { octokit, control } = await open({ webhook: receiver })
  const number = (await octokit.rest.pulls.list(place)).data[0]?.number
  await control('POST', '/comments', { number, login: 'shop-lead', body: '/deploy backend to staging' })
  const { payload } = await eventually(() => receiver.received.find(({ event }) => event === 'issue_comment'))
  expect(payload).toMatchObject({
    action: 'created',
    issue: { number, pull_request: { url: expect.stringContaining(`/pulls/${number}`) } },
    comment: { body: '/deploy backend to staging', user: { login: 'shop-lead', type: 'User' } },
    sender: { login: 'shop-lead' },
    repository: { full_name: 'acme/shop' },
  })
})
