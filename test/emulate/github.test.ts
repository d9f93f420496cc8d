import { describe, expect, test } from 'vitest'
import { at, open } from './support.ts'

// Our own stand-in may have our own mistakes in it; this one was made by others: https://github.com/vercel-labs/emulate

describe('git data', () => {
  test('commits of a branch, the newest first', async () => {
    const { tools, history } = await open()
    const { first, second, third } = await history()
    const { data } = await tools.read({ intent: 'list_git_commits', ref: 'main' })
    expect(data).toMatchObject({
      commits: [{ sha: third, message: 'two', author: 'Maya' }, { sha: second }, { sha: first }],
    })
  })

  test('a branch that is not there is told as such', async () => {
    const { tools } = await open()
    await expect(tools.read({ intent: 'list_git_commits', ref: 'nope' })).rejects.toMatchObject({ code: 'unknown_ref' })
  })

  test('a comparison between a light and an annotated tag, both ways', async () => {
    const { tools, history } = await open()
    const { third } = await history()
    const forward = await tools.read({ intent: 'compare_commits', base: 'v1.0.0', head: 'v1.1.0' })
    expect(forward.data).toMatchObject({ ahead_by: 1, behind_by: 0, commits: [{ sha: third, message: 'two' }] })
    const back = await tools.read({ intent: 'compare_commits', base: 'v1.1.0', head: 'v1.0.0' })
    expect(back.data).toMatchObject({ ahead_by: 0, behind_by: 1, commits: [] })
    await expect(tools.read({ intent: 'compare_commits', base: 'v9', head: 'v1.0.0' })).rejects.toMatchObject({
      code: 'unknown_ref',
    })
  })

  test('an annotated tag is a tag object that points at the commit, and a commit is found by the tag', async () => {
    const { octokit, history } = await open()
    const { third, annotated } = await history()
    const { data: ref } = await octokit.rest.git.getRef({ ...at, ref: 'tags/v1.1.0' })
    expect(ref.object).toMatchObject({ type: 'tag', sha: annotated })
    expect((await octokit.rest.repos.getCommit({ ...at, ref: 'tags/v1.1.0' })).data.sha).toBe(third)
  })
})

describe('pull requests', () => {
  test('one that is merged is told with its commit on main; one that is open, or is none, is not', async () => {
    const { octokit, tools, commit, head, history } = await open()
    const { third } = await history()
    await octokit.rest.git.createRef({ ...at, ref: 'refs/heads/feature', sha: await commit('three', third) })
    const { data: pull } = await octokit.rest.pulls.create({ ...at, title: 'A change', head: 'feature', base: 'main' })
    expect(await tools.pulls.merged('acme/shop', pull.number)).toBeNull()
    expect(await tools.pulls.mergedSince('acme/shop', 'main', '2020-01-01T00:00:00Z')).toEqual([])
    await octokit.rest.pulls.merge({ ...at, pull_number: pull.number, merge_method: 'squash' })
    const told = { number: pull.number, title: 'A change', author: 'maya', branch: 'main', sha: await head() }
    expect(await tools.pulls.merged('acme/shop', pull.number)).toMatchObject({ ...told, merged_by: 'maya' })
    expect(await tools.pulls.mergedSince('acme/shop', 'main', '2020-01-01T00:00:00Z')).toMatchObject([told])
    expect(await tools.pulls.mergedSince('acme/shop', 'main', '2099-01-01T00:00:00Z')).toEqual([])
    expect(await tools.pulls.merged('acme/shop', 99)).toBeNull()
  })
})

describe('teams', () => {
  test('who is in one, and who is not', async () => {
    const { octokit } = await open()
    const oncall = { org: 'acme', team_slug: 'oncall' }
    await octokit.rest.teams.create({ org: 'acme', name: 'oncall' })
    await octokit.rest.teams.addOrUpdateMembershipForUserInOrg({ ...oncall, username: 'tom', role: 'member' })
    const { data } = await octokit.rest.teams.getMembershipForUserInOrg({ ...oncall, username: 'tom' })
    expect(data.state).toBe('active')
    const nobody = octokit.rest.teams.getMembershipForUserInOrg({ ...oncall, username: 'stranger' })
    await expect(nobody).rejects.toMatchObject({ status: 404 })
  })
})

describe('a GitHub App', () => {
  test('signs in with its key, gets a token of its installation, and reads with that', async () => {
    const { app, history } = await open()
    const { third } = await history()
    const { data } = await app.read({ intent: 'list_git_commits', ref: 'main' })
    expect(data).toMatchObject({ commits: [{ sha: third }, {}, {}] })
  })

  test('that GitHub does not know is told so', async () => {
    const { stranger } = await open()
    const asked = stranger.read({ intent: 'list_git_commits', ref: 'main' })
    await expect(asked).rejects.toMatchObject({ code: 'github_unauthorised' })
  })
})

// What emulate 0.12.2 does otherwise than GitHub's documentation says. Our code is not bent to it; should one of these fail, emulate has
// learnt it, and the test belongs above.
describe('emulate 0.12.2 is not like GitHub', () => {
  test('GET /tags leaves out light tags, and tells the tag object where GitHub tells the commit', async () => {
    const { octokit, history } = await open()
    const { annotated } = await history()
    const { data } = await octokit.rest.repos.listTags(at)
    expect(data.map(({ name, commit }) => ({ name, sha: commit.sha }))).toEqual([{ name: 'v1.1.0', sha: annotated }])
  })

  test('GET /commits/{ref} does not know the media type sha: it answers the whole commit as JSON', async () => {
    const { octokit, history } = await open()
    const { third } = await history()
    const { data } = await octokit.rest.repos.getCommit({ ...at, ref: 'v1.1.0', mediaType: { format: 'sha' } })
    expect(data).toMatchObject({ sha: third })
  })

  test('GET /commits/{sha} of an unknown commit is 404, where GitHub says 422', async () => {
    const { octokit } = await open()
    const asked = octokit.rest.repos.getCommit({ ...at, ref: 'f'.repeat(40) })
    await expect(asked).rejects.toMatchObject({ status: 404 })
  })

  test('PUT …/memberships without a body is 400: the role is optional at GitHub', async () => {
    const { octokit } = await open()
    await octokit.rest.teams.create({ org: 'acme', name: 'oncall' })
    const added = octokit.rest.teams.addOrUpdateMembershipForUserInOrg({
      org: 'acme',
      team_slug: 'oncall',
      username: 'tom',
    })
    await expect(added).rejects.toMatchObject({ status: 400 })
  })

  test('times have milliseconds, where GitHub has whole seconds', async () => {
    const { octokit, head } = await open()
    const { data } = await octokit.rest.git.getCommit({ ...at, commit_sha: await head() })
    expect(data.committer.date).toMatch(/\.\d{3}Z$/)
  })

  test('there are no deployments, and so nothing that is live', async () => {
    const { octokit, tools } = await open()
    await expect(octokit.rest.repos.listDeployments(at)).rejects.toMatchObject({ status: 404 })
    await expect(tools.read({ intent: 'check_deployment_status' })).rejects.toMatchObject({ code: 'not_found' })
  })

  test('there are no workflow files: runs cannot be started by a name', async () => {
    const { tools } = await open()
    const order = { service: 'backend', environment: 'staging', tag: 'v1.0.0', sha: 'a'.repeat(40) }
    const where = { repository: 'acme/shop', workflow: 'deploy.yml', ref: 'main' }
    const sent = await tools.dispatch({ dispatch_id: '0199-1', ...where, ...order })
    expect(sent).toMatchObject({ outcome: 'refused', code: 'not_found' })
  })
})
