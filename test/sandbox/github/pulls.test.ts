import { expect, test } from 'vitest'
import { openReceiver, told } from './receiver.ts'
import { head, open, place } from './support.ts'

interface Pull {
  number: number
  head: { sha: string; ref: string }
  merge_commit_sha: string
}

test('shows the pull requests that the history came from, and one that is open', async () => {
  const { octokit } = await open()
  const { data: pulls } = await octokit.rest.pulls.list({ ...place, state: 'all', per_page: 100 })
  expect(pulls.map(({ number }) => number)).toEqual([64, 63, 62, 61, 60, 58, 57, 55, 54, 52, 51])
  const { data: pull } = await octokit.rest.pulls.get({ ...place, pull_number: 63 })
  expect(pull).toMatchObject({
    title: 'Speed up the stock query on the product page',
    merged: true,
    merge_commit_sha: head,
    user: { login: 'maya-lindqvist' },
    merged_by: { login: 'aiko-t' },
    base: { ref: 'main' },
    changed_files: 2,
  })
  const { data: open64 } = await octokit.rest.pulls.list(place)
  expect(open64.map(({ number, merged_at }) => ({ number, merged_at }))).toEqual([{ number: 64, merged_at: null }])
})

test('lists what was merged lately in pages that octokit can follow', async () => {
  const { octokit } = await open()
  const wanted = { ...place, state: 'closed', base: 'main', sort: 'updated', direction: 'desc', per_page: 4 } as const
  const all = await octokit.paginate(octokit.rest.pulls.list, wanted)
  expect(all.map(({ number }) => number)).toEqual([63, 62, 61, 60, 58, 57, 55, 54, 52, 51])
  expect((await octokit.rest.pulls.list({ ...wanted, base: 'hotfix/coupons' })).data).toEqual([])
  const one = await octokit.rest.pulls.list({ ...place, state: 'all', head: 'acme:aiko-t/arm64' })
  expect(one.data.map(({ number }) => number)).toEqual([60])
})

test('tells the files and commits of a pull request, and the pull request of a commit', async () => {
  const { octokit } = await open()
  const { data: files } = await octokit.rest.pulls.listFiles({ ...place, pull_number: 55 })
  expect(files.map(({ filename }) => filename)).toEqual(['backend/checkout/total.ts', 'backend/checkout/total.test.ts'])
  const { data: commits } = await octokit.rest.pulls.listCommits({ ...place, pull_number: 55 })
  expect(commits.map(({ commit }) => commit.message)).toEqual(['Fix time-out of large carts at checkout'])
  const pullsOf = async (sha: string) =>
    (await octokit.rest.repos.listPullRequestsAssociatedWithCommit({ ...place, commit_sha: sha })).data
  expect((await pullsOf(head)).map(({ number }) => number)).toEqual([63])
  expect((await pullsOf(commits[0]?.sha ?? '')).map(({ number }) => number)).toEqual([55])
  const { data: pushed } = await octokit.rest.repos.getCommit({ ...place, ref: 'v1.2.4' })
  expect(await pullsOf(pushed.sha)).toEqual([])
  expect(pushed.files?.map(({ filename }) => filename)).toEqual(['backend/shipping/rounding.ts'])
})

test('compares with the files that changed', async () => {
  const { octokit } = await open()
  const { data } = await octokit.rest.repos.compareCommitsWithBasehead({ ...place, basehead: 'v1.2.3...v1.2.4' })
  expect(data.files?.map(({ filename }) => filename)).toEqual([
    'frontend/checkout/country.tsx',
    'frontend/session.ts',
    'backend/accounts/guest.ts',
    'frontend/checkout/guest.tsx',
    'backend/shipping/rounding.ts',
  ])
})

test('compares in pages, the files on the first', async () => {
  const { octokit } = await open()
  const asked = { ...place, basehead: 'v1.2.2...v1.2.4', per_page: 5 }
  const first = await octokit.rest.repos.compareCommitsWithBasehead(asked)
  const second = await octokit.rest.repos.compareCommitsWithBasehead({ ...asked, page: 2 })
  expect([first, second].map(({ data }) => data.commits.length)).toEqual([5, 3])
  expect(first.headers.link).toContain('rel="next"')
  expect(first.data.files?.length).toBeGreaterThan(5)
  expect(second.data).toMatchObject({ files: [], total_commits: 8 })
})

test('opens one and merges it: a commit on main, and the news of both', async () => {
  const receiver = await openReceiver()
  const { octokit, control } = await open({ webhook: receiver })
  const wanted = { title: 'Gift cards', author: 'samokafor', files: ['backend/gifts.ts'], message: 'Sell gift cards' }
  const pull = await control<Pull>('POST', '/pulls', wanted)
  const merged = await control<Pull>('POST', `/pulls/${pull.number}/merge`, { by: 'aiko-t' })
  const { data: main } = await octokit.rest.repos.getCommit({ ...place, ref: 'main' })
  expect(main).toMatchObject({ sha: merged.merge_commit_sha, commit: { message: `Gift cards (#${pull.number})` } })
  expect(main.parents.map(({ sha }) => sha)).toEqual([head])
  const received = await receiver.until(5)
  expect(received.map(({ event }) => event)).toEqual(['create', 'push', 'pull_request', 'push', 'pull_request'])
  expect(told(received, 'pull_request')).toEqual(['opened', 'closed'])
  expect(received[2]?.payload).toMatchObject({ pull_request: { state: 'open', merged: false, merged_at: null } })
  expect(received[3]?.payload).toMatchObject({ ref: 'refs/heads/main', before: head, after: main.sha, forced: false })
  expect(received[4]?.payload).toMatchObject({
    number: pull.number,
    pull_request: { merged: true, merge_commit_sha: main.sha, base: { ref: 'main' }, merged_by: { login: 'aiko-t' } },
    repository: { full_name: 'acme/shop' },
    sender: { login: 'aiko-t' },
  })
})

test('merges as octokit asks, once, and only what was looked at', async () => {
  const { octokit } = await open()
  const asked = { ...place, pull_number: 64 }
  const stale = octokit.rest.pulls.merge({ ...asked, sha: head })
  await expect(stale).rejects.toMatchObject({ status: 409 })
  await expect(octokit.rest.pulls.merge({ ...asked, merge_method: 'rebase' })).rejects.toMatchObject({ status: 405 })
  const { data } = await octokit.rest.pulls.merge(asked)
  const { data: main } = await octokit.rest.repos.getCommit({ ...place, ref: 'main' })
  expect(main).toMatchObject({ sha: data.sha, commit: { message: expect.stringContaining('Merge pull request #64') } })
  expect(main.parents).toHaveLength(2)
  await expect(octokit.rest.pulls.merge(asked)).rejects.toMatchObject({ status: 405 })
  await expect(octokit.rest.pulls.merge({ ...asked, pull_number: 9 })).rejects.toMatchObject({ status: 404 })
})

test('merges fifty with one call, in order', async () => {
  const { octokit, control } = await open()
  const merged = await control<{ number: number; sha: string }[]>('POST', '/merges', { title: 'Storm', count: 50 })
  expect(merged).toHaveLength(50)
  const { data } = await octokit.rest.repos.compareCommitsWithBasehead({ ...place, basehead: `${head}...main` })
  expect(data).toMatchObject({ ahead_by: 50, status: 'ahead' })
  expect(data.commits.map(({ sha }) => sha)).toEqual(merged.map(({ sha }) => sha))
  const { data: log } = await octokit.rest.repos.listCommits({ ...place, per_page: 1 })
  expect(log[0]?.sha).toBe(merged.at(-1)?.sha)
})

test('closes one unmerged, and knows one from a fork', async () => {
  const receiver = await openReceiver()
  const { octokit, control } = await open({ webhook: receiver })
  const { number } = await control<Pull>('POST', '/pulls', { title: 'Mine', fork: 'stranger', author: 'stranger' })
  await control('POST', `/pulls/${number}/close`)
  const { data } = await octokit.rest.pulls.get({ ...place, pull_number: number })
  expect(data).toMatchObject({ state: 'closed', merged: false, head: { repo: { full_name: 'stranger/shop' } } })
  const received = await receiver.until(2)
  expect(received.map(({ event }) => event)).toEqual(['pull_request', 'pull_request'])
  await expect(control('POST', `/pulls/${number}/merge`)).rejects.toThrow('405')
  await expect(control('POST', '/pulls', { title: 'x', base: 'nope' })).rejects.toThrow('422')
})
