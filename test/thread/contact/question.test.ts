import { expect, test } from 'vitest'
import { approvalsIn, askedAt } from '../../../src/thread/contact/question.ts'
import { approves, asked, cancels, looked, prepared, responds, story, toVault } from '../spec.ts'

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
