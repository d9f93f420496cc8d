import type { KnownBlock } from '@slack/web-api'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dialogFor } from '../../src/channels/slack/dialog.ts'
import { messageOf, type SlackMessage } from '../../src/channels/slack/message.ts'
import { code, date, fitted, linesWithin, link } from '../../src/channels/slack/mrkdwn.ts'
import type { Asked, News } from '../../src/thread/contact/question.ts'
import { anyText } from '../support/any-text.ts'
import { breaches } from '../support/block-limits.ts'
import { THREAD } from '../thread/spec.ts'
import { noticeAt } from './notice.ts'
import { approval, asking, human, PAGE } from './slack.ts'

const address = { slack: { team: 'T01', channel: 'C01' } }
type Given = Parameters<typeof noticeAt<typeof address>>[1]
const shown = (more: Given): SlackMessage => messageOf(noticeAt(address, { thread_id: THREAD, ...more }), PAGE)
const asks = (question: Asked, kind: 'request' | 'reminder' | 'update' = 'request') => shown({ kind, question })
const wordsOf = (message: SlackMessage): string => JSON.stringify(message.blocks)

interface Control {
  action_id: string
  value?: string
  url?: string
  text?: { text: string }
  confirm?: { text: { text: string } }
  style?: string
  options?: { value: string }[]
}
const controlsOf = ({ blocks }: SlackMessage): Control[] =>
  blocks.flatMap((block: KnownBlock) => (block.type === 'actions' ? (block.elements as Control[]) : []))
const actionsOf = (message: SlackMessage): string[] => controlsOf(message).map(({ action_id }) => action_id)

const said = (what: News['what'], more: Partial<News> = {}): News => ({
  what,
  by: 'lead',
  via: 'slack',
  at: '2026-11-25T14:02:00.000Z',
  words: '',
  ...more,
})

describe('the approval card', () => {
  test('shows what the approval binds to', () => {
    const pull_requests = [{ number: 12, title: 'Cart', author: 'ann', url: 'https://gh.test/pull/12' }]
    const files = { total: 3, paths: ['a.ts', 'b.ts'] }
    const words = wordsOf(asks(asking(approval({ pull_requests, files, quorum: 2 }))))
    for (const part of [
      'backend → production',
      '`v1.2.3` at `aaaaaaa`',
      '`v1.2.2` at `bbbbbbb`',
      '1 commit',
      '`lead`, `oncall`; *2 of them*',
      '<!date^1795608000^',
      '`aaaaaaa` `Add cart` by `ann`',
      '<https://gh.test/pull/12|#12> `Cart` by `ann`',
      '*3 files changed:* `a.ts`, `b.ts`, and 1 more',
      'deploy-backend.yml',
      `<${PAGE}|the whole story>`,
    ])
      expect(words).toContain(part)
  })

  test('has a yes of one tap, a no with words, a question, and a way to the page; all name the question and nothing else', () => {
    const message = asks(asking(approval()))
    expect(actionsOf(message)).toEqual(['approve', 'reject', 'ask', 'open'])
    const [yes, no, ask, open] = controlsOf(message)
    expect(yes).not.toHaveProperty('confirm')
    for (const button of [yes, no, ask]) expect(JSON.parse(button?.value ?? '')).toEqual({ thread_id: THREAD, seq: 6 })
    expect(open?.url).toBe(PAGE)
  })

  test('leads to the page for a yes that wants a fresh sign-in', () => {
    const message = asks(asking(approval({ fresh_sign_in_seconds: 900 })))
    expect(actionsOf(message)).toEqual(['open', 'reject', 'ask'])
    expect(controlsOf(message)[0]).toMatchObject({ text: { text: 'Approve on the page' }, url: PAGE })
  })

  test('asks for the yes twice where it goes back', () => {
    const [yes] = controlsOf(asks(asking(approval({ direction: 'backward' }))))
    expect(yes?.confirm?.text.text).toBe('Deploy backend v1.2.3 (aaaaaaa) to production')
  })

  test.each([
    ['backward', /ROLLBACK.*BACKWARD/],
    ['diverged', /DIVERGED/],
    ['unknown', /not known/],
  ] as const)('is loud where it goes %s', (direction, words) => {
    const message = asks(asking(approval({ direction })))
    expect(wordsOf(message)).toMatch(words)
    expect(controlsOf(message)[0]?.style).toBe('danger')
  })

  test('counts no commits where there is nothing to compare with', () =>
    expect(wordsOf(asks(asking(approval({ direction: 'first', commits: [], commits_total: 0 }))))).not.toContain(
      '0 commits',
    ))

  test('wants words for a yes that overrides something', () => {
    const blocked = [{ code: 'frozen' as const, message: 'production is frozen: weekend' }]
    const message = asks(asking(approval({ blocked, break_glass: ['lead'] })))
    expect(actionsOf(message)[0]).toBe('override')
    expect(wordsOf(message)).toMatch(/A yes overrides:.*production is frozen: weekend.*Only `lead` may override/)
  })

  test('says what changed, who deploys there now, and what a gate lets on', () => {
    const gate = {
      run_id: 1,
      attempt: 1,
      title: 'Deploy',
      event: 'workflow_dispatch',
      requested_by: 'dev',
      html_url: 'https://gh.test/runs/1',
      commit_by: 'inputs' as const,
      dispatched_by: null,
    }
    const busy = { thread_id: 't2', title: 'x' }
    const message = asks(asking(approval({ changed: ['live: v1 → v2'], busy, gate, intent: 'open_gate' })))
    expect(wordsOf(message)).toMatch(/Changed since it was last shown:\* `live: v1 → v2`/)
    expect(wordsOf(message)).toContain('<https://bot.test/threads/t2|another thread>')
    expect(wordsOf(message)).toContain('Started by*\\n`dev` (`workflow_dispatch`)')
    expect(wordsOf(message)).toContain('may deploy another commit')
  })

  test('counts approvals while more are needed, and keeps its buttons', () => {
    const message = asks(asking(approval({ quorum: 2 }), { news: [said('approved')] }), 'update')
    expect(wordsOf(message)).toContain('*1 of 2* approvals')
    expect(actionsOf(message)).toContain('approve')
  })

  test.each([
    [said('approved'), /Approved by `lead` in Slack at <!date\^1795615320\^\{time\}\|14:02 UTC>/],
    [said('denied', { by: 'oncall', via: 'http', words: 'not now' }), /Rejected by `oncall` on the web.*: `not now`/],
    [said('expired', { by: null, via: null }), /Expired: nobody answered in time, and nothing was run at/],
    [said('superseded', { via: 'email link' }), /Superseded.*by `email link`/],
    [said('cancelled'), /Cancelled by/],
  ] as const)('without buttons says what became of it: %j', (news, words) => {
    const message = asks(asking(approval(), { open: false, news: [news] }), 'update')
    expect(wordsOf(message)).toMatch(words)
    expect(wordsOf(message)).not.toContain('needed')
    expect(actionsOf(message)).toEqual([])
    expect(message.text).toMatch(words)
  })

  test('that is closed without news says that it does not stand', () =>
    expect(wordsOf(asks(asking(approval(), { open: false }), 'update'))).toContain('no longer stands'))
})

describe('a question', () => {
  test('in words is answered in the thread, or in a dialog', () => {
    const message = asks(asking(human()))
    expect(actionsOf(message)).toEqual(['answer', 'open'])
    expect(wordsOf(message)).toContain('Answer in this thread')
  })

  test('of yes or no has both, and room for words', () =>
    expect(actionsOf(asks(asking(human({}, { format: 'yes_no' }))))).toEqual(['yes', 'no', 'answer', 'open']))

  test('with a few choices has a button for each, with many a menu', () => {
    const few = asks(asking(human({}, { format: 'multiple_choice', choices: ['v1', 'v2'] })))
    expect(actionsOf(few)).toEqual(['choose_0', 'choose_1', 'open'])
    const many = Array.from({ length: 7 }, (_, i) => `v${i}`)
    const menu = asks(asking(human({}, { format: 'multiple_choice', choices: many })))
    expect(actionsOf(menu)).toEqual(['choose', 'open'])
    expect(controlsOf(menu)[0]?.options?.map(({ value }) => value)).toEqual(['0', '1', '2', '3', '4', '5', '6'])
    const block = menu.blocks.find(({ type }) => type === 'actions')
    expect(JSON.parse(block?.block_id ?? '')).toEqual({ thread_id: THREAD, seq: 6 })
  })

  test('that is urgent says so', () =>
    expect(wordsOf(asks(asking(human({}, { urgency: 'high' }))))).toContain('🚨 URGENT'))

  test('that was answered has no buttons and says by whom', () => {
    const message = asks(asking(human(), { open: false, news: [said('answered', { words: 'v1.2.3' })] }), 'update')
    expect(actionsOf(message)).toEqual([])
    expect(wordsOf(message)).toMatch(/Answered by `lead` in Slack at .*: `v1.2.3`/)
  })

  test('that waits is reminded of in a line', () => {
    expect(wordsOf(asks(asking(approval()), 'reminder'))).toMatch(
      /⏰ Still waits for an answer, until <!date.*Deploy backend/,
    )
    expect(asks(asking(human({}, { urgency: 'high' })), 'reminder').text).toMatch(/^🚨/)
  })
})

describe('how a thread goes', () => {
  const story = { title: 'deploy backend', results: [], approved_by: ['lead'], end: null }

  test('is one line with the run, and its results', () => {
    const run = {
      kind: 'run' as const,
      seq: 8,
      dispatch_id: 'd',
      run_id: 7,
      status: 'in_progress',
      html_url: 'https://gh.test/r',
    }
    const message = shown({ waiting_for: run, story })
    expect(message.text).toBe('⏳ <https://gh.test/r|The workflow run> is `in progress`, approved by `lead`')
    const result = {
      status: 'success' as const,
      service: 'backend',
      environment: 'staging',
      tag: 'v1',
      sha: 'a'.repeat(40),
      html_url: 'https://gh.test/r',
    }
    const end = { status: 'done' as const, message: 'It is live.' }
    const ended = shown({ status: 'done', story: { ...story, results: [result], end } })
    expect(ended.text).toBe('✅ *Done*')
    expect(wordsOf(ended)).toMatch(
      /It is live\..*✅ `backend` `v1` \(`aaaaaaa`\) on `staging`: <https:\/\/gh.test\/r\|success>/,
    )
  })

  test.each([
    [approval(), /Waits for approval: `Deploy backend/],
    [human(), /Waits for an answer/],
    [{ kind: 'timer' as const, seq: 1, until: '2026-11-25T12:00:00.000Z', reason: 'x' }, /Sleeps until/],
    [{ kind: 'thread' as const, seq: 1, thread_id: 't2', agent: 'deploy' }, /threads\/t2\|another thread/],
    [
      {
        kind: 'turn' as const,
        seq: 1,
        service: 'backend',
        environment: 'production',
        held_by: { thread_id: 't2', title: '' },
        until: '',
      },
      /Waits its turn/,
    ],
  ])('says what it waits for: %j', (waiting_for, words) => expect(shown({ waiting_for, story }).text).toMatch(words))

  test('shows what is offered beside', () => {
    const offer = { seq: 9, question: 'Two more were merged. Restart?', choices: ['restart with them', 'go on'] }
    const waiting_for = { kind: 'thread' as const, seq: 1, thread_id: 't2', agent: 'deploy', offer }
    const message = shown({ waiting_for, story })
    expect(actionsOf(message)).toEqual(['choose_0', 'choose_1'])
    expect(JSON.parse(controlsOf(message)[0]?.value ?? '')).toEqual({ thread_id: THREAD, seq: 9 })
  })
})

/** Everything that Slack would make something of: nothing may be left but our own links and times. */
const live = (message: object): string[] => {
  const ours = /<https:\/\/(?:bot|gh)\.test\/[^<>|\s]*\|[^<>]*>|<!date\^\d+\^\{[^<>|]*\|[\d\-: ]+UTC>/g
  const texts = JSON.stringify(message).replace(ours, '')
  return [...texts.matchAll(/[<>]|&(?!amp;|lt;|gt;)|[\u202A-\u202E\u2066-\u2069\u200B-\u200F\uFEFF]/g)].map(
    ([found]) => found,
  )
}

const everything = (text: string): SlackMessage[] => {
  const pull_requests = [{ number: 1, title: text, author: text, url: text }]
  const blocked = [{ code: 'frozen' as const, message: text }]
  const commits = [{ sha: text, message: text, author: text, date: text }]
  const gate = { run_id: 1, attempt: 1, title: text, event: text, requested_by: text, html_url: text }
  const card = approval({
    service: text,
    environment: text,
    tag: text,
    sha: text,
    workflow: text,
    approvers: Array(40).fill(text),
    changed: Array(40).fill(text),
    break_glass: [text],
    busy: { thread_id: text, title: text },
    expires_at: text,
    compare_url: text,
    live: { tag: text, sha: text, since: text, url: text },
    files: { total: 900, paths: Array(300).fill(text) },
    commits: Array(40).fill(commits[0]),
    commits_total: 900,
    pull_requests: Array(40).fill(pull_requests[0]),
    blocked: Array(5).fill(blocked[0]),
    gate: { ...gate, commit_by: 'inputs', dispatched_by: null },
  })
  const choices = Array.from({ length: 120 }, () => text)
  const news = Array.from({ length: 40 }, () => said('denied', { by: text, via: text, words: text, at: text }))
  const result = { status: 'failure' as const, service: text, environment: text, tag: text, sha: text, html_url: text }
  const end = { status: 'failed' as const, message: text }
  const offer = { seq: 9, question: text, choices }
  const story = { title: text, results: Array(40).fill(result), approved_by: Array(40).fill(text), end: null }
  const run = { kind: 'run' as const, seq: 8, dispatch_id: text, run_id: 7, status: text, html_url: text, offer }
  return [
    asks(asking(card)),
    asks(asking(card), 'reminder'),
    asks(asking(card, { open: false, news }), 'update'),
    asks(asking(human({ question: text, context: text }, { format: 'multiple_choice', choices }))),
    asks(asking(human({ question: text, context: text }, { format: 'multiple_choice', choices: choices.slice(0, 4) }))),
    shown({ story, waiting_for: run, status: text }),
    shown({ story, waiting_for: { kind: 'timer', seq: 1, until: text, reason: text } }),
    shown({ story: { ...story, end }, status: text }),
    shown({ story, status: text }),
  ]
}

describe('untrusted words', () => {
  const nasty = [
    '<!channel> <!here> <!everyone>',
    '<@U01> <#C01|general> <!subteam^S01>',
    '<https://evil.test|Approve here>',
    '&lt;!channel&gt; & &amp;',
    '`code` ```block``` *bold* _it_ ~no~',
    'x` <!channel> `y',
    'https://gh.test/a|b><!channel>',
    'a\u202E<!channel>\u200B\uFEFF\u2066',
    '\ud800<!channel>',
    '\n\n*✅ Approved by lead*\n>quote',
    '',
    ' \u200b ',
  ]
  test.each(nasty)('%j stays words', (text) => {
    for (const message of everything(text)) {
      expect(live(message)).toEqual([])
      expect(JSON.stringify(message).isWellFormed()).toBe(true)
    }
  })

  test('never come over a limit of Slack, nor become anything, whatever they are', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 400 }),
      anyText({ maxLength: 400 }),
      fc
        .array(fc.constantFrom('<!channel>', '<@U1>', '&', '`', '```', '\u202E', '😀', '\n', ' ', 'x'.repeat(90)), {
          maxLength: 60,
        })
        .map((parts) => parts.join('')),
      fc.constantFrom(
        '&'.repeat(30_000),
        '`'.repeat(5_000),
        '😀'.repeat(20_000),
        '<'.repeat(200),
        'x'.repeat(9_000),
        `https://gh.test/${'x'.repeat(370)}`,
        `https://gh.test/${'<'.repeat(3_000)}`,
      ),
    )
    fc.assert(
      fc.property(hostile, (text) => {
        for (const message of everything(text)) {
          expect(breaches(message)).toEqual([])
          expect(live(message)).toEqual([])
        }
      }),
      { numRuns: 60 },
    )
  })

  test('are cut between letters and entities', () => {
    expect(fitted('a&b', 6)).toBe('a…')
    expect(fitted('a&b', 7)).toBe('a&amp;b')
    expect(fitted('😀😀😀', 5)).toBe('😀😀…')
    expect(code('a`b`')).toBe('`aˋbˋ`')
    expect(code(' \n')).toBe('`—`')
  })

  test('that are no address are no link', () => {
    expect(link('x', 'javascript:alert(1)')).toBe('x')
    expect(link('x', 'https://a.test/b|c<d>&e')).toBe('<https://a.test/b%7Cc%3Cd%3E&amp;e|x>')
    expect(link('x', `https://a.test/${'b'.repeat(2_000)}`)).toBe('x')
    expect(date('never')).toBe('`never`')
  })

  test('in more lines than there is room for are counted', () =>
    expect(linesWithin(Array(100).fill('x'.repeat(99)), 340)).toBe(
      `${'x'.repeat(99)}\n${'x'.repeat(99)}\n${'x'.repeat(99)}\n… and 97 more`,
    ))
})

test.each(['override', 'reject', 'ask', 'answer'] as const)(
  'the dialog to %s keeps to the limits and names the question',
  (words) => {
    const view = dialogFor(words, { thread_id: THREAD, seq: 6 })
    expect(view.callback_id).toBe(words)
    expect(JSON.parse(view.private_metadata ?? '')).toEqual({ thread_id: THREAD, seq: 6 })
    for (const label of [view.title, view.submit, view.close]) expect(label?.text.length).toBeLessThanOrEqual(24)
    expect(breaches({ blocks: view.blocks })).toEqual([])
  },
)
