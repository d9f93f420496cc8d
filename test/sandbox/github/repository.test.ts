import { expect, test } from 'vitest'
import { head, octokitOf, open, place } from './support.ts'

test('shows the repository with main as its default branch', async () => {
  const { octokit } = await open()
  const { data } = await octokit.rest.repos.get(place)
  expect(data).toMatchObject({ full_name: 'acme/shop', default_branch: 'main' })
})

test('asks for a token and refuses a bad one', async () => {
  const { sandbox } = await open()
  const bad = octokitOf(sandbox.url, 'bad').rest.repos.get(place)
  await expect(bad).rejects.toMatchObject({ status: 401, message: expect.stringContaining('Bad credentials') })
  const none = await fetch(`${sandbox.url}/repos/acme/shop`)
  expect(none.status).toBe(401)
})

test('tells the rate limit with each answer', async () => {
  const { octokit } = await open()
  const { headers } = await octokit.rest.repos.get(place)
  expect(Number(headers['x-ratelimit-remaining'])).toBeGreaterThan(0)
  expect(Number(headers['x-ratelimit-reset']) * 1000).toBeGreaterThan(Date.now())
})

test('pages the tags by Link headers, so that octokit finds all nine', async () => {
  const { octokit, control } = await open()
  const tags = await octokit.paginate(octokit.rest.repos.listTags, { ...place, per_page: 4 })
  expect(tags.map(({ name }) => name)).toEqual([
    'v1.2.4',
    'v1.2.3',
    'v1.2.2',
    'v1.2.1',
    'v1.2.0',
    'v1.1.1',
    'v1.1.0',
    'v1.0.1',
    'v1.0.0',
  ])
  expect(await control('GET', '/requests')).toHaveLength(3)
})

test('shows an annotated tag as an object of its own that points to the commit in the list of tags', async () => {
  const { octokit } = await open()
  const { data: ref } = await octokit.rest.git.getRef({ ...place, ref: 'tags/v1.2.3' })
  expect(ref.object.type).toBe('tag')
  const { data: tag } = await octokit.rest.git.getTag({ ...place, tag_sha: ref.object.sha })
  const { data: tags } = await octokit.rest.repos.listTags(place)
  expect(tag.object.sha).toBe(tags.find(({ name }) => name === 'v1.2.3')?.commit.sha)
  expect(tag.object.sha).not.toBe(ref.object.sha)
})

test('shows a lightweight tag as its commit, and matches refs by how they begin', async () => {
  const { octokit } = await open()
  const { data: refs } = await octokit.rest.git.listMatchingRefs({ ...place, ref: 'tags/v1.2.4' })
  expect(refs.map(({ object }) => object.type)).toEqual(['commit'])
  const all = await octokit.rest.git.listMatchingRefs({ ...place, ref: 'tags' })
  expect(all.data).toHaveLength(9)
  await expect(octokit.rest.git.getRef({ ...place, ref: 'tags/v1.2' })).rejects.toMatchObject({ status: 404 })
})

test('shows branches, also one with a slash in its name', async () => {
  const { octokit } = await open()
  const { data: main } = await octokit.rest.repos.getBranch({ ...place, branch: 'main' })
  expect(main.commit.sha).toBe(head)
  const { data: hotfix } = await octokit.rest.repos.getBranch({ ...place, branch: 'hotfix/coupons' })
  expect(hotfix.commit.commit.message).toContain('Hotfix')
  await expect(octokit.rest.repos.getBranch({ ...place, branch: 'nope' })).rejects.toMatchObject({ status: 404 })
})

test.each(['main', 'heads/main', head, '4af9ec0', '4AF9EC0'])('finds the head of main as %s', async (ref) => {
  const { octokit } = await open()
  const { data } = await octokit.rest.repos.getCommit({ ...place, ref })
  expect(data.sha).toBe(head)
})

test('answers 422 for a commit that it does not know, and a bare SHA where one is asked for', async () => {
  const { octokit } = await open()
  const unknown = octokit.rest.repos.getCommit({ ...place, ref: 'f'.repeat(40) })
  await expect(unknown).rejects.toMatchObject({ status: 422, message: expect.stringContaining('No commit found') })
  const bare = await octokit.rest.repos.getCommit({ ...place, ref: 'tags/v1.2.3', mediaType: { format: 'sha' } })
  expect(String(bare.data)).toMatch(/^[0-9a-f]{40}$/)
  const { data: object } = await octokit.rest.git.getCommit({ ...place, commit_sha: String(bare.data) })
  expect(object.message).toContain('large carts')
})

test('lists commits from any ref, newest first and in pages', async () => {
  const { octokit } = await open()
  const { data } = await octokit.rest.repos.listCommits({ ...place, sha: 'v1.2.3', per_page: 3 })
  expect(data.map(({ commit }) => commit.message)).toEqual([
    'Fix time-out of large carts at checkout',
    'Alert when payment capture takes over 5 s',
    'Refuse coupon codes after their last day',
  ])
  const all = await octokit.paginate(octokit.rest.repos.listCommits, { ...place, per_page: 15 })
  expect(new Set(all.map(({ sha }) => sha)).size).toBe(40)
  await expect(octokit.rest.repos.listCommits({ ...place, sha: 'nope' })).rejects.toMatchObject({ status: 404 })
})

test.each([
  ['v1.2.2...v1.2.3', 'ahead', 5, 0],
  ['v1.2.3...v1.2.2', 'behind', 0, 5],
  ['v1.2.3...v1.2.3', 'identical', 0, 0],
  ['v1.2.3...hotfix/coupons', 'diverged', 1, 5],
])('compares %s: %s by %i and %i', async (basehead, status, ahead_by, behind_by) => {
  const { octokit } = await open()
  const { data } = await octokit.rest.repos.compareCommitsWithBasehead({ ...place, basehead })
  expect(data).toMatchObject({ status, ahead_by, behind_by, total_commits: ahead_by })
  expect(data.commits).toHaveLength(ahead_by)
})

test('lists compared commits oldest first, and knows nothing of unknown ones', async () => {
  const { octokit } = await open()
  const { data } = await octokit.rest.repos.compareCommitsWithBasehead({ ...place, basehead: 'v1.2.2...v1.2.3' })
  expect(data.commits.at(-1)?.commit.message).toContain('large carts')
  const unknown = octokit.rest.repos.compareCommitsWithBasehead({ ...place, basehead: 'v1.2.2...v9' })
  await expect(unknown).rejects.toMatchObject({ status: 404 })
})

test('moves a tag and pushes a commit when told to', async () => {
  const { octokit, control } = await open()
  const { sha } = await control<{ sha: string }>('POST', '/commits', { message: 'One more' })
  await control('POST', '/tags', { name: 'v1.2.3', to: 'main' })
  const { data } = await octokit.rest.repos.getCommit({ ...place, ref: 'tags/v1.2.3' })
  expect(data).toMatchObject({ sha, commit: { message: 'One more' }, parents: [{ sha: head }] })
})

test('takes another port where the wanted one is taken', async () => {
  const { sandbox: first } = await open()
  const { sandbox: second } = await open({ port: Number(new URL(first.url).port) })
  expect(second.url).not.toBe(first.url)
  expect(new URL(second.url).hostname).toBe('127.0.0.1')
})
