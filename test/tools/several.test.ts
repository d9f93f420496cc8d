import { describe, expect, test } from 'vitest'
import { open } from './support.ts'

const rules = { approvals: 0, approvers: [], self_approval: true, after: null, expires_after_seconds: 3600 }
const policy = {
  repository: 'acme/shop',
  services: {
    backend: { workflow: 'deploy-backend.yml', ref: 'main' },
    search: { workflow: 'deploy-search.yml', ref: 'main', repository: 'acme/search' },
  },
  environments: { staging: rules, production: rules },
}
const readingOf = async () => {
  const opened = await open({ policy })
  return { ...opened, read: opened.tools.read }
}

describe('a team with two repositories', () => {
  test('sees the tags of both, each with its repository, and neither hides the other', async () => {
    const { read } = await readingOf()
    const { data } = await read({ intent: 'list_git_tags' })
    const tags = 'tags' in data ? data.tags : []
    expect(tags.filter(({ repository }) => repository === 'acme/search').map(({ name }) => name)).toEqual([
      'v0.5.0',
      'v0.4.1',
      'v0.4.0',
    ])
    expect(tags.some(({ repository, name }) => repository === 'acme/shop' && name === 'v1.2.3')).toBe(true)
    const dates = tags.map(({ date }) => date ?? '')
    expect(dates).toEqual(dates.toSorted().toReversed())
  })

  test('sees what is live of each service, asked where it is', async () => {
    const { read } = await readingOf()
    const { data } = await read({ intent: 'check_deployment_status', environment: 'production' })
    expect(data).toEqual({
      live: [
        expect.objectContaining({ repository: 'acme/shop', service: 'backend', tag: 'v1.2.2' }),
        expect.objectContaining({ repository: 'acme/search', service: 'search', tag: 'v0.4.1' }),
      ],
    })
  })

  test('compares where the names mean something, and in both where they do in both', async () => {
    const { read } = await readingOf()
    const one = await read({ intent: 'compare_commits', base: 'v0.4.0', head: 'v0.5.0' })
    expect(one.data).toMatchObject({ repository: 'acme/search', ahead_by: 4 })
    expect(one.data).not.toHaveProperty('elsewhere')
    const both = await read({ intent: 'compare_commits', base: 'main', head: 'main' })
    expect(both.data).toMatchObject({ repository: 'acme/shop', elsewhere: [{ repository: 'acme/search' }] })
  })

  test('lists the commits of a branch that both have, the newest first', async () => {
    const { read } = await readingOf()
    const { data } = await read({ intent: 'list_git_commits', ref: 'main' })
    const commits = 'commits' in data ? data.commits : []
    expect(new Set(commits.map(({ repository }) => repository))).toEqual(new Set(['acme/shop', 'acme/search']))
    const dates = commits.map(({ date }) => date)
    expect(dates).toEqual(dates.toSorted().toReversed())
  })

  test('is told that a name means nothing only where it means nothing anywhere', async () => {
    const { read } = await readingOf()
    await expect(read({ intent: 'list_git_commits', ref: 'nowhere' })).rejects.toMatchObject({ code: 'unknown_ref' })
    const { data } = await read({ intent: 'list_git_commits', ref: 'v0.5.0' })
    expect(data).toMatchObject({ commits: [{ repository: 'acme/search' }, {}, {}, {}, {}, {}] })
  })

  test('asks for the runs of a workflow only where its services are', async () => {
    const { read, requests } = await readingOf()
    const status = { intent: 'get_workflow_status', workflow_name: 'deploy-search.yml' } as const
    expect((await read(status)).data).toEqual({ workflow_name: 'deploy-search.yml', runs: [] })
    expect((await requests()).map(({ path }) => path)).toEqual([
      '/repos/acme/search/actions/workflows/deploy-search.yml/runs',
    ])
    await expect(read({ ...status, workflow_name: 'nope.yml' })).rejects.toMatchObject({ code: 'unknown_workflow' })
  })

  test('is told of a repository that may not be seen, not of half of what there is', async () => {
    const services = { ...policy.services, gone: { workflow: 'x.yml', ref: 'main', repository: 'acme/gone' } }
    const { tools } = await open({ policy: { ...policy, services } })
    await expect(tools.read({ intent: 'list_git_tags' })).rejects.toMatchObject({
      code: 'github_forbidden',
      message: expect.stringContaining('acme/gone'),
    })
  })
})

test('a team with one is told of no repository', async () => {
  const { tools } = await open()
  const { data } = await tools.read({ intent: 'list_git_tags' })
  expect(JSON.stringify(data)).not.toContain('repository')
})
