import type { IncomingMessage, ServerResponse } from 'node:http'
import { describe, expect, test } from 'vitest'
import { startHost } from '../support/host.ts'
import { open, target, toolsOf, v123 } from './support.ts'

const gone = {
  code: 'not_on_branch',
  message: `${v123.slice(0, 7)} is not on main any more: its history was rewritten`,
}
const onMain = { ...target, tag: v123, branch: 'main' }
const paths = async (opened: Awaited<ReturnType<typeof open>>): Promise<string[]> =>
  (await opened.requests()).map(({ path }) => path.replace(/[0-9a-f]{40}/g, 'SHA'))

describe('a commit that must be on its branch', () => {
  test('is looked at in the question that asks for all else', async () => {
    const opened = await open()
    await opened.tools.prepare(onMain)
    await opened.control('DELETE', '/requests')
    expect(await opened.tools.prepare(onMain)).toMatchObject({ sha: v123 })
    expect(await paths(opened)).toEqual(['/graphql'])
  })

  test('is refused when its branch was rewritten, also right after it was there', async () => {
    const { tools, control } = await open()
    const [{ sha }] = await control<[{ sha: string }]>('POST', '/merges', {})
    const merged = { ...onMain, tag: sha }
    await tools.prepare(merged)
    await control('POST', '/force-push', { drop: 1, message: 'Another history' })
    await expect(tools.prepare(merged)).rejects.toMatchObject({
      code: 'not_on_branch',
      message: expect.stringContaining('not on main any more'),
    })
  })

  test('is refused on a branch that is not there', async () => {
    const { tools } = await open()
    await expect(tools.prepare({ ...onMain, branch: 'nope' })).rejects.toMatchObject({ code: 'not_on_branch' })
  })

  test('that was named by a tag is looked at by a question of its own', async () => {
    const opened = await open()
    await opened.tools.prepare({ ...onMain, tag: 'v1.2.3' })
    await opened.control('DELETE', '/requests')
    await opened.tools.prepare({ ...onMain, tag: 'v1.2.3' })
    expect(await paths(opened)).toEqual(['/graphql', '/repos/acme/shop/compare/SHA...main'])
  })

  test('that nobody knows is an unknown commit, and not one that is gone', async () => {
    const { tools } = await open()
    await expect(tools.prepare({ ...onMain, tag: 'f'.repeat(40) })).rejects.toMatchObject({ code: 'unknown_tag' })
  })

  test.each([
    ['ahead', null],
    ['behind', gone],
  ])('is asked about otherwise where GitHub does not compare it there: then %s counts', async (status, refused) => {
    const { url, asked } = await startHost(without(status))
    const prepared = toolsOf(url).prepare({ ...onMain, after: null })
    if (refused) await expect(prepared).rejects.toMatchObject(refused)
    else expect(await prepared).toMatchObject({ sha: v123 })
    expect(asked()).toBe(2)
  })

  test('another failure beside it is told as it is', async () => {
    const { url } = await startHost(
      without('ahead', [{ type: 'FORBIDDEN', message: 'no', path: ['repository', 'here'] }]),
    )
    await expect(toolsOf(url).prepare({ ...onMain, after: null })).rejects.toMatchObject({ code: 'github_forbidden' })
  })
})

/** A GitHub that does not say where the commit stands but when asked by REST. */
const without =
  (status: string, more: object[] = []) =>
  (request: IncomingMessage, response: ServerResponse, _asked?: unknown) => {
    const failure = {
      type: 'NOT_FOUND',
      message: 'Could not resolve to a Ref',
      path: ['repository', 'branch', 'compare'],
    }
    const repository = {
      tag: null,
      commit: { oid: v123 },
      workflow: { oid: v123 },
      here: { nodes: [] },
      branch: { compare: null },
    }
    const compared = { status, ahead_by: 0, behind_by: 0, commits: [], files: [], html_url: 'x' }
    const answer = request.url?.endsWith('/graphql') ? { data: { repository }, errors: [failure, ...more] } : compared
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
  }
