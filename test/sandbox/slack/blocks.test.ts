import type { AnyBlock, ModalView } from '@slack/types'
import { expect, test } from 'vitest'
import { checkBlocks, checkModal } from '../../../src/sandbox/slack/blocks/check.ts'
import { open, refusalOf } from './support.ts'

const plain = (text: string) => ({ type: 'plain_text' as const, text })
const mrkdwn = (length: number) => ({ type: 'mrkdwn' as const, text: 'x'.repeat(length) })
const button = (more = {}) => ({ type: 'button' as const, text: plain('Approve'), action_id: 'approve', ...more })
const actions = (...elements: unknown[]) => ({ type: 'actions', elements })
const select = (count: number, value = 'v') => ({
  type: 'static_select',
  action_id: 'choice',
  placeholder: plain('Choose'),
  options: Array.from({ length: count }, (_, index) => ({ text: plain('o'), value: `${index}${value}` })),
})

test.each<[string, unknown[], string]>([
  ['51 blocks', Array(51).fill({ type: 'divider' }), 'no more than 50 items allowed [json-pointer:/blocks]'],
  ['a section of 3,001 characters', [{ type: 'section', text: mrkdwn(3_001) }], 'must be less than 3001 characters'],
  ['an empty section text', [{ type: 'section', text: mrkdwn(0) }], 'must be more than 0 characters'],
  ['a section of nothing', [{ type: 'section' }], 'must define either `fields` or `text`'],
  [
    'a field of 2,001',
    [{ type: 'section', fields: [mrkdwn(2_001)] }],
    '2001 characters [json-pointer:/blocks/0/fields/0/text]',
  ],
  ['11 fields', [{ type: 'section', fields: Array(11).fill(mrkdwn(1)) }], 'no more than 10 items'],
  ['a header of 151', [{ type: 'header', text: plain('x'.repeat(151)) }], 'must be less than 151 characters'],
  ['a header in mrkdwn', [{ type: 'header', text: mrkdwn(1) }], '[json-pointer:/blocks/0/text/type]'],
  ['11 parts of a context', [{ type: 'context', elements: Array(11).fill(mrkdwn(1)) }], 'no more than 10 items'],
  [
    'a button text of 76',
    [actions(button({ text: plain('x'.repeat(76)) }))],
    '76 characters [json-pointer:/blocks/0/elements/0/text/text]',
  ],
  ['a button value of 2,001', [actions(button({ value: 'x'.repeat(2_001) }))], 'must be less than 2001 characters'],
  ['a button with a style of its own', [actions(button({ style: 'green' }))], 'elements/0/style'],
  ['an action_id of 256', [actions(button({ action_id: 'x'.repeat(256) }))], 'must be less than 256 characters'],
  ['an action_id twice in a block', [actions(button(), button())], '`action_id` "approve" already exists'],
  ['26 buttons', [actions(...Array.from({ length: 26 }, (_, n) => button({ action_id: `a${n}` })))], 'no more than 25'],
  ['101 options', [actions(select(101))], 'no more than 100 items allowed'],
  ['an option value of 151', [actions(select(1, 'x'.repeat(150)))], 'must be less than 151 characters'],
  ['a block_id of nothing', [{ type: 'divider', block_id: '' }], '[json-pointer:/blocks/0/block_id]'],
  ['a block_id twice', Array(2).fill({ type: 'divider', block_id: 'a' }), '`block_id` "a" already exists'],
  ['a block that there is not', [{ type: 'buttons' }], 'unsupported type: buttons'],
])('%s is refused', async (_, blocks, reason) => {
  const { client } = await open()
  const refused = await refusalOf(client.chat.postMessage({ channel: 'C01', text: 'x', blocks: blocks as AnyBlock[] }))
  expect(refused.error).toBe('invalid_blocks')
  expect(refused.messages.join()).toContain(reason)
  expect(refused.messages.every((one) => one.startsWith('[ERROR] '))).toBe(true)
})

test('all of it at its limits is taken', async () => {
  const { client } = await open()
  const blocks = [
    { type: 'header', text: plain('x'.repeat(150)) },
    { type: 'section', text: mrkdwn(3_000), accessory: select(100) },
    { type: 'section', fields: Array(10).fill(mrkdwn(100)) },
    actions(button({ text: plain('x'.repeat(75)), value: 'x'.repeat(2_000) }), button({ action_id: 'deny' })),
    actions(button()),
    ...Array(45).fill({ type: 'divider' }),
  ] as AnyBlock[]
  const text = 'x'.repeat(40_000)
  const { message } = await client.chat.postMessage({ channel: 'C01', text, blocks })
  expect(message?.blocks?.every(({ block_id }) => block_id)).toBe(true)
})

test('more text than a message takes in all is refused, though each block is within its limit', async () => {
  const { client } = await open()
  const blocks = Array(4).fill({ type: 'section', text: mrkdwn(3_000) })
  expect(await refusalOf(client.chat.postMessage({ channel: 'C01', blocks, text: '' }))).toMatchObject({
    error: 'msg_blocks_too_long',
  })
})

test('blocks that are not a list have another name', async () => {
  const { client } = await open()
  const call = client.apiCall('chat.postMessage', { channel: 'C01', blocks: '{"blocks": []}' })
  expect(await refusalOf(call)).toMatchObject({ error: 'invalid_blocks_format' })
})

const modal = (more: Partial<ModalView> = {}): ModalView => ({
  type: 'modal',
  title: plain('Deny'),
  submit: plain('Send'),
  blocks: [],
  ...more,
})

test.each<[string, ModalView, string]>([
  [
    'a title of 25',
    modal({ title: plain('x'.repeat(25)) }),
    'must be less than 25 characters [json-pointer:/view/title/text]',
  ],
  ['a submit of 25', modal({ submit: plain('x'.repeat(25)) }), '[json-pointer:/view/submit/text]'],
  ['metadata of 3,001', modal({ private_metadata: 'x'.repeat(3_001) }), '[json-pointer:/view/private_metadata]'],
  ['101 blocks', modal({ blocks: Array(101).fill({ type: 'divider' }) }), 'no more than 100 items'],
])('a modal with %s is refused', (_, view, reason) => expect(checkModal(view).join()).toContain(reason))

test('a modal that asks needs a button to send it', () => {
  const element = { type: 'plain_text_input' as const, action_id: 'why' }
  const { submit: _, ...silent } = modal({ blocks: [{ type: 'input', label: plain('Why?'), element }] })
  expect(checkModal(silent)).toEqual(['missing required field: submit [json-pointer:/view]'])
  expect(checkModal({ ...silent, submit: plain('Send') })).toEqual([])
})

test('nothing that is no block at all is taken for one', () => {
  for (const blocks of [null, 'x', [null], [[]], [{}], [{ type: 'section', text: 'bare' }], [{ type: '__proto__' }]])
    expect(checkBlocks(blocks)).not.toEqual([])
})
