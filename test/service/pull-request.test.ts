import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ThreadView } from '../../src/thread/view.ts'
import { octokitOf, place } from '../sandbox/github/support.ts'
import { eventually } from '../support/eventually.ts'
import { startTestService, type TestService, types } from '../support/service.ts'

let bot: TestService
let number = 0
let head = ''
beforeAll(async () => {
  bot = await startTestService({}, afterAll)
  const { data } = await octokitOf(bot.github()).rest.pulls.list(place)
  number = data[0]?.number ?? 0
  head = data[0]?.head.sha ?? ''
})

const control = async (path: string, body: object) => {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${bot.github()}/_sandbox${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
  return (await answer.json()) as { id: number; number: number }
}
const write = (body: string, login = 'shop-lead', at = number) => control('/comments', { number: at, login, body })
const octokit = () => octokitOf(bot.github())
const answers = async (issue_number = number) =>
  (await octokit().rest.issues.listComments({ ...place, issue_number, per_page: 100 })).data.filter(
    ({ user }) => user?.login === 'deploybot[bot]',
  )
const threadOf = async (comment: { id: number }) => {
  const { data } = await eventually(async () => {
    const found = await octokit().rest.reactions.listForIssueComment({ ...place, comment_id: comment.id })
    return found.data.length > 0 && found
  })
  expect(data.map(({ content }) => content)).toEqual(['eyes'])
  return (await bot.threads('limit=1'))[0]?.id ?? ''
}
const answered = (id: string, words: RegExp) =>
  eventually(async () => {
    const mine = (await answers()).filter(({ body }) => body?.startsWith(`<!-- deploybot ${id} -->`))
    expect(mine.length).toBeLessThan(2)
    return words.test(mine[0]?.body ?? '') && (mine[0]?.body ?? '')
  })

/** The deliveries that its log speaks of, once there are so many. */
const toldOf = async (id: string, count: number) => {
  const told = ({ events }: ThreadView) => events.filter(({ type }) => type === 'human_contacted')
  return told(await bot.until(id, `${count} deliveries`, (view) => told(view).length >= count)).map(({ data }) => data)
}

describe('a command in a comment on a pull request', () => {
  test('deploys the head of it, and answers in one comment to the end', async () => {
    const id = await threadOf(await write('/deploy backend to staging\n\nplease look at it there'))
    const text = await answered(id, /Done/)
    expect(text).toContain(`\`backend\``)
    expect(text).toContain('[success](')
    const thread = await bot.thread(id)
    expect(thread.events[1]?.data).toEqual({ message: `deploy backend ${head} to staging` })
    expect(thread.events.find(({ type }) => type === 'deploy_backend_result')?.data).toMatchObject({ sha: head })
    // Of the run, as it began, and of the end.
    expect(await toldOf(id, 2)).toMatchObject([
      { channel: 'github_comment', ok: true },
      { channel: 'github_comment', ok: true },
    ])
  })

  test('asks for approval there, shows that it was given, and how it ended', async () => {
    const id = await threadOf(await write('/deploybot deploy backend v1.2.3 to production'))
    const card = await answered(id, /Approval needed/)
    expect(card).toContain(`/threads/${id}`)
    const { seq } = await bot.untilAsked(id, 'approval')
    await bot.respond(id, seq, { approved: true })
    await bot.untilStatus(id, 'done')
    await answered(id, /Done/)
    expect(await toldOf(id, 3)).toHaveLength(3)
  })

  test('that approves approves nothing', async () => {
    const id = await threadOf(await write('/deploybot deploy backend v1.2.3 to production'))
    await bot.untilAsked(id, 'approval')
    const { id: comment } = await write('/approve')
    await eventually(async () =>
      (await answers()).some(({ body }) => body?.startsWith(`<!-- deploybot comment ${comment} -->`)),
    )
    expect(types(await bot.thread(id))).not.toContain('approval_given')
    await bot.post(`/threads/${id}/cancel`, {})
    await answered(id, /Cancelled/)
  })

  test('on the pull request of a fork is refused there', async () => {
    const fork = await control('/pulls', { title: 'Innocent', fork: 'mallory' })
    await write('/deploy backend to staging', 'shop-lead', fork.number)
    const [refusal] = await eventually(async () => {
      const found = await answers(fork.number)
      return found.length > 0 && found
    })
    expect(refusal?.body).toMatch(/never deployed from a comment/)
  })

  test('by whom may not write launches nothing', async () => {
    const before = (await bot.threads('limit=100')).length
    const ignored = await write('/deploy backend to production', 'a-reader')
    await write('/deploy backend to production', 'mallory')
    // Deliveries are sent one after the other: with the last answered the others are too.
    await threadOf(await write('/deploybot what is live?', 'aiko-t'))
    expect(await bot.threads('limit=100')).toHaveLength(before + 1)
    const { data } = await octokit().rest.reactions.listForIssueComment({ ...place, comment_id: ignored.id })
    expect(data).toEqual([])
    const [newest] = await bot.threads('limit=1')
    expect((await bot.thread(newest?.id ?? '')).events[0]?.actor).toEqual({
      kind: 'person',
      id: 'oncall',
      via: 'github',
    })
  })
})
