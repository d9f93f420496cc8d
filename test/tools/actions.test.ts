import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { lacksRunnerPrograms } from '../support/programs.ts'

const LAUNCH = join(import.meta.dirname, '../../.github/actions/launch')
const jq = (program: string, thread: object): string =>
  execFileSync('jq', ['-r', '--arg', 'url', 'https://bot.test/threads/1', '-f', join(LAUNCH, `${program}.jq`)], {
    input: JSON.stringify(thread),
    encoding: 'utf8',
  }).trim()

const code = { kind: 'code' }
const event = (seq: number, type: string, data: object = {}, actor: object = code) => ({ seq, type, data, actor })
const what = { service: 'backend', environment: 'production', tag: 'v1', sha: 'a'.repeat(40) }
const asked = (seq: number) => event(seq, 'approval_requested', { ...what, to: seq - 1, approvers: ['lead'] })
const given = (seq: number, to: number, id = 'lead') => event(seq, 'approval_given', { to }, { kind: 'person', id })
const result = (seq: number, status: string, more = {}) =>
  event(seq, 'deploy_backend_result', { ...what, status, run_id: 7, html_url: 'https://gh.test/7', ...more })
const end = (seq: number, type = 'done_for_now') => event(seq, type, { message: 'x' })
const thread = (events: object[], status = 'done', title = 'deploy') => ({ status, title, events })

describe.skipIf(lacksRunnerPrograms)('what was asked for came about', () => {
  test.each([
    ['it was deployed', [asked(2), given(3, 2), result(4, 'success'), end(5)]],
    ['it failed at first', [result(2, 'failure'), result(3, 'success'), end(4)]],
    ['it was denied at first', [asked(1), event(2, 'approval_denied', { to: 1 }), result(3, 'success'), end(4)]],
    ['it was there already', [end(2, 'nothing_to_do')]],
  ])('where %s', (_, events) => expect(jq('verdict', thread(events))).toBe(''))

  test.each<[string, object, string]>([
    ['the last deployment failed', thread([result(1, 'success'), result(2, 'failure'), end(3)]), 'failure'],
    [
      'one of two places failed',
      thread([result(1, 'failure'), result(2, 'success', { environment: 'staging' }), end(3)]),
      'on production: failure',
    ],
    ['it was denied', thread([asked(1), event(2, 'approval_denied', { to: 1 }), end(3, 'nothing_to_do')]), 'denied'],
    ['nobody answered', thread([asked(1), event(2, 'approval_expired', { to: 1 }), end(3)]), 'in time'],
    ['nothing was done', thread([end(2)]), 'nothing was deployed'],
    ['it only looked', thread([event(1, 'get_workflow_status_result', { runs: [] }), end(2)]), 'nothing was deployed'],
    ['it is not over', thread([result(1, 'success')], 'running'), 'it is running'],
    ['it was cancelled', thread([result(1, 'success')], 'cancelled'), 'it is cancelled'],
  ])('not where %s', (_, told, why) => expect(jq('verdict', told)).toContain(why))
})

describe.skipIf(lacksRunnerPrograms)('the summary', () => {
  test('says who decided what, and what came of it', () => {
    const events = [
      asked(1),
      event(2, 'approval_denied', { to: 1 }, { kind: 'person', id: 'oncall' }),
      asked(3),
      given(4, 3),
      given(5, 3, 'ceo'),
      result(6, 'success'),
      asked(7),
    ]
    expect(jq('summary', thread(events, 'awaiting_approval')).split('\n').slice(-3)).toEqual([
      '| backend v1 | `aaaaaaa` | production | denied by oncall |  |',
      '| backend v1 | `aaaaaaa` | production | approved by lead, ceo | [success](https://gh.test/7) |',
      '| backend v1 | `aaaaaaa` | production | waits for lead |  |',
    ])
  })
  test('has no table where nothing was proposed', () =>
    expect(jq('summary', thread([end(1)]))).toBe(
      '### Deploybot: deploy\n\n**done** · [thread](https://bot.test/threads/1)',
    ))
  test('shows words of strangers as words', () => {
    const evil = '</table><img src=x> | [a](javascript:b) `c` **d**\n# e @team'
    const events = [
      event(1, 'approval_waived', { ...what, tag: evil, sha: '`|`|evil' }),
      result(2, 'success', { html_url: 'javascript:alert(1)' }),
    ]
    const lines = jq('summary', thread(events, 'done', evil)).split('\n')
    expect(lines).toHaveLength(7)
    for (const line of [lines[0], lines.at(-1)])
      expect(line?.replace(/\\./g, '')).not.toMatch(/<|\]\((?!https:)|@team|\*\*d|# e|`c/)
    expect(lines.at(-1)?.replace(/\\\|/g, '').match(/\|/g)).toHaveLength(6)
  })
})
