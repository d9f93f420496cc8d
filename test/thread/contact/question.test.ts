import { expect, test } from 'vitest'
import { approvalsIn, askedAt, whyExpired } from '../../../src/thread/contact/question.ts'
import { approves, asked, cancels, later, looked, prepared, responds, story, timer, toVault } from '../spec.ts'

const waiting = [asked(), looked, toVault, prepared({ environment: 'vault' })]
const seq = story(waiting).events.length
const newsOf = (...steps: Parameters<typeof story>[0]) => askedAt(seq, story([...waiting, ...steps]).events)

test('who took an approval back is news, and counts no longer', () => {
  const told = newsOf(approves('lead'), responds('lead', { withdrawn: true }), approves('oncall'))
  expect(told).toMatchObject({
    open: true,
    news: [
      { what: 'approved', by: 'lead' },
      { what: 'withdrawn', by: 'lead' },
      { what: 'approved', by: 'oncall' },
    ],
  })
  expect(approvalsIn(told?.news ?? [])).toBe(1)
})

test('who cancelled the thread ended its open question, and no question that was decided before', () => {
  expect(newsOf(approves('lead'), cancels('dev'))?.news.at(-1)).toMatchObject({ what: 'cancelled', by: 'dev' })
  const decided = newsOf(responds('lead', { approved: false, comment: 'no' }), cancels('dev'))
  expect(decided?.news).toMatchObject([{ what: 'denied', by: 'lead' }])
})

test.each([
  [[], 'nobody answered in time'],
  [[approves('lead')], 'too few approved in time'],
  [[approves('lead'), responds('lead', { withdrawn: true })], 'nobody answered in time'],
])('a question that expired says why nothing came of it', (answers, why) => {
  const question = newsOf(...answers, later(7_200, timer))
  expect(question?.news.at(-1)).toMatchObject({ what: 'expired' })
  expect(question && whyExpired(question)).toBe(why)
})
