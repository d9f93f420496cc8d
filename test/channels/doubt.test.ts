import { expect, test } from 'vitest'
import { approvalCard } from '../../src/channels/comment/approval.ts'
import { alertsOf } from '../../src/channels/email/approval.ts'
import { messageOf } from '../../src/channels/slack/message.ts'
import { approvalFacts } from '../../src/http/pages/thread/approval.ts'
import type { Doubt, Opinion } from '../../src/thread/event.ts'
import { approvalAsked, THREAD } from './asked.ts'
import { noticeAt } from './notice.ts'

const PAGE = 'https://bot.test/threads/1'
const doubt: Doubt = { level: 'high', text: 'People spoke of <frontend> & *more*', model: 'judge' }
const shownBy = (more: Opinion) => {
  const question = approvalAsked(more)
  if (question.asked.kind !== 'approval') throw new Error('no approval')
  const notice = noticeAt({ slack: { team: 'T01', channel: 'C01' } }, { thread_id: THREAD, kind: 'request', question })
  return {
    page: approvalFacts(question.asked),
    slack: JSON.stringify(messageOf(notice, PAGE).blocks),
    mail: JSON.stringify(alertsOf(question.asked)),
    comment: approvalCard(question.asked, PAGE),
  }
}

test.each(['page', 'slack', 'mail', 'comment'] as const)('the %s shows the doubt of a model as such', (where) => {
  expect(shownBy({ doubt })[where]).toMatch(/A second model doubts this \(high\): People spoke of/)
  expect(shownBy({})[where]).not.toContain('doubts')
})

test.each(['page', 'slack', 'mail', 'comment'] as const)('the %s says that nobody judged, and why', (where) => {
  const judged = {
    model: 'm',
    prompt_hash: '',
    input_tokens: 0,
    output_tokens: 0,
    ms: 3_000,
    failed: 'it did not answer',
  }
  expect(shownBy({ judged })[where]).toContain('Not judged by a second model: it did not answer')
  const { failed: _, ...call } = judged
  expect(shownBy({ judged: call })[where]).not.toContain('judged')
})

test('and lets nothing in it be read as markup', () => {
  const { page, slack } = shownBy({ doubt })
  expect(page).not.toContain('<frontend>')
  expect(page).toMatch(/People spoke of &[#\w]+;frontend/)
  expect(slack).toContain('`A second model doubts this (high): People spoke of &lt;frontend&gt; &amp; *more*`')
})
