import { describe, expect, test } from 'vitest'
import { type Notice, ToolError } from '../../src/agent/ports.ts'
import { createChannels } from '../../src/channels/channels.ts'
import { block, code, link } from '../../src/channels/comment/markdown.ts'
import { commentText } from '../../src/channels/comment/text.ts'
import { createCommentChannel } from '../../src/channels/github-comment.ts'
import type { WaitingFor } from '../../src/thread/view.ts'
import { approvalAsked } from './asked.ts'
import { noticeAt } from './notice.ts'

const PAGE = 'https://bot.test/threads/t1'
const story: Notice['story'] = { title: 'deploy backend', results: [], approved_by: [], end: null }
const told = (more: Partial<Notice> = {}) => ({ waiting_for: null, status: 'running', seq: 6, story, ...more })

const approval = (more: Parameters<typeof approvalAsked>[0] = {}): WaitingFor => approvalAsked(more).asked

describe('the comment', () => {
  test('shows an approver what the approval binds to, and where to answer', () => {
    const text = commentText(told({ waiting_for: approval() }), PAGE)
    for (const part of [
      '`backend` to `production`',
      '`v1.2.3` at `aaaaaaa`',
      'Live now: `v1.2.2` at `bbbbbbb`',
      '1 commit',
      '`lead`, `oncall` (2 needed, given by `oncall`)',
      '2026-11-25T12:00:00.000Z',
      `[Approve or reject here](${PAGE})`,
    ])
      expect(text).toContain(part)
  })

  test.each([
    ['backward', /BACKWARD: a rollback/],
    ['diverged', /diverged/],
  ] as const)('says it loudly where it goes %s', (direction, words) =>
    expect(commentText(told({ waiting_for: approval({ direction }) }), PAGE)).toMatch(words),
  )

  test('says what changed since it was shown', () =>
    expect(commentText(told({ waiting_for: approval({ changed: ['live: v1.2.2 → v1.2.4'] }) }), PAGE)).toContain(
      'Changed since it was last shown: `live: v1.2.2 → v1.2.4`',
    ))

  test('asks, shows the run and its approvers, and tells the end', () => {
    const options = { urgency: 'low' as const, format: 'multiple_choice' as const, choices: ['v1', 'v2'] }
    const asks = { kind: 'human_input' as const, seq: 4, question: 'Which tag?', context: '', options, reason: 'model' }
    expect(commentText(told({ waiting_for: asks }), PAGE)).toMatch(
      /asks:[\s\S]*Which tag\?[\s\S]*- `v1`[\s\S]*\[Answer here\]/,
    )
    const run = {
      kind: 'run' as const,
      seq: 8,
      dispatch_id: 'd',
      run_id: 7,
      status: 'in_progress',
      html_url: 'https://gh.test/runs/7',
    }
    expect(commentText(told({ waiting_for: run, story: { ...story, approved_by: ['lead'] } }), PAGE)).toContain(
      'Approved by `lead`. [The workflow run](https://gh.test/runs/7) is `in progress`',
    )
    const result = {
      status: 'success' as const,
      service: 'backend',
      environment: 'staging',
      tag: 'v1',
      sha: 'a'.repeat(40),
      html_url: 'https://gh.test/runs/7',
    }
    const end = { status: 'done' as const, message: 'It is live.' }
    const text = commentText(told({ status: 'done', story: { ...story, results: [result], end } }), PAGE)
    expect(text).toMatch(/Done[\s\S]*It is live\.[\s\S]*✅ `backend` `v1` \(`aaaaaaa`\) on `staging`: \[success\]/)
  })

  test('points to the thread that it waits for', () => {
    const waiting_for = { kind: 'thread' as const, seq: 4, thread_id: 't2', agent: 'deploy' }
    expect(commentText(told({ waiting_for }), PAGE)).toContain(
      '[another thread](https://bot.test/threads/t2) (agent `deploy`)',
    )
  })

  test('fits, however long what people and models wrote', () => {
    const long = 'x`@team '.repeat(50_000)
    const options = { urgency: 'low' as const, format: 'multiple_choice' as const, choices: Array(5_000).fill(long) }
    const asks = { kind: 'human_input' as const, seq: 4, question: long, context: long, options, reason: 'model' }
    const many = Array(5_000).fill(long)
    for (const waiting_for of [asks, approval({ tag: long, approvers: many, approved_by: many, changed: many })]) {
      expect(commentText(told({ waiting_for, story: { ...story, title: long } }), PAGE).length).toBeLessThan(60_000)
    }
  })
})

describe('untrusted words', () => {
  /** What GitHub would make something of, outside of code. */
  const outside = (markdown: string): string =>
    markdown.replace(/^(`{3,})text\n[\s\S]*?\n\1$/gm, '').replace(/(?<!`)(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, '')

  const nasty = [
    '@acme/oncall @lead',
    '`@lead`',
    '``` @lead ```',
    '\n```\n@lead\n```\n@lead',
    '`',
    '``',
    '<!-- deploybot t2 --> <img src=x>',
    '[x](https://evil.test) ![x](https://evil.test/pixel)',
    'fixes #1',
    'a\u202E@lead\u200B',
    '\ud800@lead',
    '- ` @lead\n\n@lead',
  ]
  test.each(nasty)('%j stays words', (text) => {
    const options = { urgency: 'low' as const, format: 'multiple_choice' as const, choices: [text] }
    const asks = { kind: 'human_input' as const, seq: 4, question: text, context: text, options, reason: 'model' }
    const shown = [
      commentText(told({ waiting_for: asks, story: { ...story, title: text } }), PAGE),
      commentText(told({ waiting_for: approval({ tag: text, approvers: [text], changed: [text] }) }), PAGE),
      commentText(told({ story: { ...story, end: { status: 'failed', message: text } } }), PAGE),
    ]
    for (const markdown of shown) expect(outside(markdown)).not.toMatch(/@|<!--|<img|evil|#1/)
    expect(shown.every((markdown) => markdown.isWellFormed())).toBe(true)
  })

  test('are code, however many backticks they bring', () => {
    expect(code('a``b`c')).toBe('```a``b`c```')
    expect(code('`a`')).toBe('`` `a` ``')
    expect(code(' \n ')).toBe('—')
    expect(block('x\n````\ny')).toBe('`````text\nx\n````\ny\n`````')
  })

  test('that are no address are no link', () => {
    expect(link('x', 'javascript:alert(1)')).toBe('x')
    expect(link('x', 'https://a.test/b)(c <d>')).toBe('[x](https://a.test/b%29%28c%20%3Cd%3E)')
  })
})

describe('the channel', () => {
  const pull = { pull_request: 7, repository: 'acme/shop' }
  const notice = noticeAt(pull)

  test('writes to the pull request under a marker of the thread', async () => {
    const said: unknown[] = []
    const say = async (...args: unknown[]) => void said.push(args)
    expect(await createCommentChannel({ say }, 'https://bot.test').deliver(notice)).toEqual({ ok: true })
    expect(said).toEqual([[pull, 't1', expect.stringContaining(PAGE)]])
  })

  test('tells where it could not', async () => {
    const say = () => Promise.reject(new ToolError('github_forbidden', 'GitHub answered 403'))
    expect(await createCommentChannel({ say }, 'https://bot.test').deliver(notice)).toEqual({
      ok: false,
      message: 'github_forbidden: GitHub answered 403',
    })
  })

  test('is taken by where the answers go', async () => {
    const way = (name: string) => ({ name, deliver: async () => ({ ok: true }) })
    const channel = createChannels({ webhook: way('webhook'), github_comment: way('github_comment') })
    expect(await channel.deliver(notice)).toEqual({ ok: true, channel: 'github_comment' })
    expect(await channel.deliver(noticeAt({ webhook: 'https://x.test' }))).toEqual({
      ok: true,
      channel: 'webhook',
    })
    expect(await channel.deliver(noticeAt({ sms: '+15550100' }))).toEqual({
      ok: false,
      channel: 'sms',
      message: 'sms is not set up here',
    })
  })
})
