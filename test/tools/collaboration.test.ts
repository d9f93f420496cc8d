import { describe, expect, test } from 'vitest'
import { createCollaboration } from '../../src/tools/collaboration.ts'
import { createConnect } from '../../src/tools/github.ts'
import { forAMinute } from '../../src/tools/members.ts'
import { open as openSandbox, place } from '../sandbox/github/support.ts'
import { says, startHost } from '../support/host.ts'
import { token } from './support.ts'

const policy = { repository: 'acme/shop', services: {} }
const shop = { repository: 'acme/shop' }

const collaborationOf = (apiUrl: string) => {
  const options = { auth: { token }, apiUrl, paceWrites: false, policy }
  return createCollaboration(options, createConnect(options))
}

const open = async () => {
  const opened = await openSandbox()
  const { data } = await opened.octokit.rest.pulls.list(place)
  const number = data[0]?.number ?? 0
  const asked = { ...place, issue_number: number, per_page: 100 }
  const comments = () => opened.octokit.paginate(opened.octokit.rest.issues.listComments, asked)
  const requests = async (method: string) =>
    (await opened.control<{ method: string; path: string }[]>('GET', '/requests')).filter(
      (one) => one.method === method,
    )
  return { ...opened, number, comments, requests, github: collaborationOf(opened.sandbox.url) }
}

describe('a pull request', () => {
  test('is read as it is', async () => {
    const { github, number } = await open()
    expect(await github.pull('acme/shop', number)).toMatchObject({
      number,
      title: expect.any(String),
      from_fork: false,
      head_sha: expect.stringMatching(/^[0-9a-f]{40}$/),
    })
    expect(await github.pull('acme/shop', 9999)).toBeNull()
  })

  test('of a fork is known, also where the fork is gone', async () => {
    const { github, control, octokit } = await open()
    const { number } = await control<{ number: number }>('POST', '/pulls', { title: 'x', fork: 'mallory' })
    expect(await github.pull('acme/shop', number)).toMatchObject({ from_fork: true })
    const { data } = await octokit.rest.pulls.get({ ...place, pull_number: number })
    const gone = await startHost(says(200, { ...data, head: { ...data.head, repo: null } }))
    expect(await collaborationOf(gone.url).pull('acme/shop', number)).toMatchObject({ from_fork: true })
  })
})

describe('a comment', () => {
  test('is read as it is: by whom, on what, and gone', async () => {
    const { github, control, number } = await open()
    const written = { number, login: 'shop-lead', body: '/deploy' }
    const { id } = await control<{ id: number }>('POST', '/comments', written)
    expect(await github.comment('acme/shop', id)).toMatchObject({
      id,
      pull_request: number,
      login: 'shop-lead',
      is_bot: false,
      body: '/deploy',
      edited: false,
    })
    expect(await github.comment('acme/shop', 1)).toBeNull()
    const bot = await control<{ id: number }>('POST', '/comments', { ...written, login: 'x[bot]', bot: true })
    expect(await github.comment('acme/shop', bot.id)).toMatchObject({ is_bot: true })
  })

  test('that was changed after it was written is known as such', async () => {
    const told = { id: 5, body: '/deploy', issue_url: 'https://x.test/issues/7', user: { login: 'a', type: 'User' } }
    const times = { created_at: '2026-11-25T10:00:00Z', updated_at: '2026-11-25T10:00:09Z' }
    const { url } = await startHost(says(200, { ...told, ...times }))
    expect(await collaborationOf(url).comment('acme/shop', 5)).toMatchObject({ edited: true, pull_request: 7 })
  })
})

describe('people', () => {
  test.each([
    ['maya-lindqvist', 'admin'],
    ['TomasRey', 'write'],
    ['a-reader', 'read'],
    ['mallory', 'none'],
  ])('%s: %s', async (login, permission) =>
    expect(await (await open()).github.permission('acme/shop', login)).toBe(permission),
  )

  test.each([
    [{ permission: 'write', role_name: 'maintain' }, 'maintain'],
    [{ permission: 'read', role_name: 'triage' }, 'triage'],
    [{ permission: 'write', role_name: 'release-manager' }, 'write'],
  ])('%j is %s', async (told, permission) => {
    const { url } = await startHost(says(200, told))
    expect(await collaborationOf(url).permission('acme/shop', 'x')).toBe(permission)
  })

  test('are asked of their team once a minute', async () => {
    const { github, requests } = await open()
    expect(await github.isMember('acme/oncall', 'aiko-t')).toBe(true)
    expect(await github.isMember('acme/oncall', 'Aiko-T')).toBe(true)
    expect(await github.isMember('acme/oncall', 'tomasrey')).toBe(false)
    expect((await requests('GET')).filter(({ path }) => path.includes('/memberships/'))).toHaveLength(2)
  })

  test('who were invited and have not come are not in it', async () => {
    const { url } = await startHost(says(200, { state: 'pending' }))
    expect(await collaborationOf(url).isMember('acme/oncall', 'x')).toBe(false)
  })

  test('a minute later are asked anew, and after a failure at once', async () => {
    let now = 0
    let asked = 0
    const ask = forAMinute(
      async () => {
        asked += 1
        if (asked === 1) throw new Error('down')
        return asked
      },
      () => now,
    )
    await expect(ask('a')).rejects.toThrow('down')
    expect([await ask('a'), await ask('a')]).toEqual([2, 2])
    now = 60_000
    expect(await ask('a')).toBe(3)
  })
})

describe('our comment', () => {
  test('is written once and edited ever after, each marker its own', async () => {
    const { github, number, comments } = await open()
    const to = { ...shop, pull_request: number }
    await github.say(to, 't-1', 'first')
    await github.say(to, 't-2', 'another')
    await github.say(to, 't-1', 'second')
    expect((await comments()).map(({ body }) => body)).toEqual([
      '<!-- deploybot t-1 -->\nsecond',
      '<!-- deploybot t-2 -->\nanother',
    ])
  })

  test('is looked for once: whoever wrote it knows it', async () => {
    const { github, number, control, requests } = await open()
    const to = { ...shop, pull_request: number }
    await github.say(to, 't-1', 'first')
    await control('DELETE', '/requests')
    for (const text of ['second', 'third']) await github.say(to, 't-1', text)
    expect((await requests('GET')).map(({ path }) => path)).toEqual([])
    expect(await requests('PATCH')).toHaveLength(2)
  })

  test('that somebody took away is looked for, and written anew where it is gone', async () => {
    const { github, control, number, comments, requests } = await open()
    const to = { ...shop, pull_request: number }
    await github.say(to, 't-1', 'first')
    const fault = { do: 'answer', accept: false, status: 404, method: 'PATCH', path: '/issues/comments/', times: 2 }
    await control('POST', '/faults', fault)
    await github.say(to, 't-1', 'second')
    expect((await comments()).map(({ body }) => body).at(-1)).toBe('<!-- deploybot t-1 -->\nsecond')
    expect(await requests('POST')).toHaveLength(2)
  })

  test('is found by a process that does not remember having written it', async () => {
    const { sandbox, number, comments } = await open()
    for (let i = 0; i < 2; i++) await collaborationOf(sandbox.url).say({ ...shop, pull_request: number }, 't-1', `${i}`)
    expect(await comments()).toHaveLength(1)
  })

  test('is never one that somebody else put our marker into', async () => {
    const { github, control, number, comments } = await open()
    await control('POST', '/comments', {
      number,
      login: 'mallory',
      body: '<!-- deploybot t-1 -->\nApproved by everybody',
    })
    await github.say({ ...shop, pull_request: number }, 't-1', 'asks')
    expect((await comments()).map(({ body }) => body)).toEqual([
      '<!-- deploybot t-1 -->\nApproved by everybody',
      '<!-- deploybot t-1 -->\nasks',
    ])
  })

  test('is found behind a hundred others', async () => {
    const { github, control, number, comments } = await open()
    const to = { ...shop, pull_request: number }
    for (let i = 0; i < 110; i++) await control('POST', '/comments', { number, login: 'a', body: `${i}` })
    await github.say(to, 't-1', 'first')
    await github.say(to, 't-1', 'second')
    expect((await comments()).slice(110).map(({ body }) => body)).toEqual(['<!-- deploybot t-1 -->\nsecond'])
  })

  test.each([502, 403, 422])('is sent with one POST, also where GitHub answers %i', async (status) => {
    const { github, control, number, requests } = await open()
    await control('POST', '/faults', { do: 'answer', accept: true, status, method: 'POST', path: '/comments' })
    await expect(github.say({ ...shop, pull_request: number }, 't-1', 'x')).rejects.toMatchObject({ name: 'Error' })
    expect(await requests('POST')).toHaveLength(1)
  })
})
