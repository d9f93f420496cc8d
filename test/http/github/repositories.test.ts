import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Policy } from '../../../src/thread/policy.ts'
import { policy as plain } from '../../thread/spec.ts'
import { closed, comment, commented, numbers, open, world } from './support.ts'

const search = { workflow: 'deploy-search.yml', ref: 'main', repository: 'acme/search' }
const policy: Policy = {
  ...plain,
  services: { ...plain.services, search },
  release: plain.release && { ...plain.release, services: ['search'] },
}
/** GitHub knows it in any case. */
const repository = { full_name: 'Acme/Search' }

const it = world()
let app: Awaited<ReturnType<typeof open>>
let asked: string[] = []
beforeAll(async () => {
  const note = (what: string) => async (where: string, id: number) => void asked.push(`${what} ${where} ${id}`)
  const gates = {
    asked: (where: string, id: number) => note('gate')(where, id).then(() => ['g-1']),
  }
  const releases = {
    merged: (where: string, id: number) => note('merge')(where, id).then(() => 'r-1'),
  }
  app = await open({ ...it.deps, policy, gates, releases }, afterAll)
})
beforeEach(async () => {
  asked = []
  it.reset()
  await app.mark()
})

test('a merge in a second repository is looked for there', async () => {
  await app.send('pull_request', closed({}, { repository }))
  expect(asked).toEqual([`merge acme/search ${numbers().pull}`])
})

test('a merge where nothing is released from sets nothing going, and nobody is asked', async () => {
  const { body } = await app.send('pull_request', closed())
  expect(body).toEqual({ ok: true, ignored: 'nothing is released from that repository' })
  expect(asked).toEqual([])
})

test('a gate in a second repository is looked at there', async () => {
  const url = 'https://api.github.com/repos/Acme/Search/actions/runs/77/deployment_protection_rule'
  const news = { action: 'requested', environment: 'staging', deployment_callback_url: url, repository }
  await app.send('deployment_protection_rule', news)
  expect(asked).toEqual(['gate acme/search 77'])
})

test('a comment there is read there, and answered there', async () => {
  const wheres: string[] = []
  const noting =
    <A, R>(ask: (where: string, what: A) => R) =>
    (where: string, what: A): R => {
      wheres.push(where)
      return ask(where, what)
    }
  const { conversation, members } = it.deps
  Object.assign(conversation, { comment: noting(conversation.comment), pull: noting(conversation.pull) })
  Object.assign(members, { permission: noting(members.permission) })
  it.comment = comment('/deploy search to staging')
  await app.send('issue_comment', commented('/deploy search to staging', { repository }))
  expect(wheres).toEqual(['acme/search', 'acme/search', 'acme/search'])
  const [launched] = await app.newest()
  expect(launched?.data).toMatchObject({ reply_to: { pull_request: numbers().pull, repository: 'acme/search' } })
})

test('the head of a pull request there is never meant for a service of another repository', async () => {
  const words = '/deploy backend to staging'
  it.comment = comment(words)
  const { body } = await app.send('issue_comment', commented(words, { repository }))
  expect(body).toEqual({ ok: true, ignored: 'answered: elsewhere' })
  expect(it.said).toMatchObject([
    { to: { repository: 'acme/search' }, text: expect.stringContaining('another repository') },
  ])
  it.reset()
  const named = '/deploy backend v1.2.3 to staging'
  it.comment = comment(named)
  await app.send('issue_comment', commented(named, { repository }))
  expect((await app.newest())[1]?.data).toEqual({ message: 'deploy backend v1.2.3 to staging' })
})

test('its webhook is set up as it should be; one of a stranger is told what is configured', async () => {
  const hook = { events: ['*'] }
  const message = async (full_name: string) =>
    (await app.send('ping', { zen: 'x', hook, repository: { full_name } })).body.message
  expect(await message('acme/search')).toBe('the secret fits; all events are sent')
  expect(await message('acme/other')).toContain(
    'deploybot.yaml names acme/shop, acme/search, and all that concerns another',
  )
})

test('the page that makes an App names both', async () => {
  const page = await (await fetch(`${app.url}/github/app`)).text()
  expect(page).toContain('<code>acme/shop, acme/search</code>')
})
