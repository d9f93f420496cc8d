import { expect, test } from 'vitest'
import { endedOf } from './support/follow.ts'
import type { Standing } from './support/view.ts'

const thread = (more: Partial<Standing>): Standing => ({
  id: 'a',
  status: 'sleeping',
  version: 1,
  owner: null,
  asked: null,
  holder: null,
  ...more,
})

test.each<[string, boolean, Partial<Standing>]>([
  ['is done', true, { status: 'done' }],
  ['has come to a person', true, { status: 'awaiting_human' }],
  ['looks for a run that GitHub never got', true, { status: 'awaiting_run', id: 'lost' }],
  ['waits behind one that does', true, { holder: 'lost' }],
  ['looks for a run that GitHub got', false, { status: 'awaiting_run' }],
  ['waits behind a run that is on', false, { holder: 'b' }],
  ['sleeps, and nobody is in its way', false, {}],
  ['should be worked on', false, { status: 'running', holder: 'lost' }],
])('a thread that %s has come to an end: %s', (_, ended, more) =>
  expect(endedOf([thread(more)], ['lost'])).toHaveLength(ended ? 1 : 0),
)
