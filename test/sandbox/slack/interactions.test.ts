import type { BlockAction } from '@slack/bolt'
import type { AnyBlock, ModalView } from '@slack/types'
import { expect, test } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { openReceiver } from './receiver.ts'
import { type Delivered, open, openBolt } from './support.ts'

const plain = (text: string) => ({ type: 'plain_text' as const, text })
const question: AnyBlock[] = [
  { type: 'section', block_id: 'facts', text: { type: 'mrkdwn', text: 'Deploy *backend* `v1.2.3`?' } },
  {
    type: 'actions',
    block_id: 'answer',
    elements: [
      { type: 'button', action_id: 'approve', text: plain('Approve'), value: 'thread:6', style: 'primary' },
      { type: 'button', action_id: 'deny', text: plain('Deny'), value: 'thread:6' },
      {
        type: 'static_select',
        action_id: 'choice',
        placeholder: plain('Choose'),
        options: [
          { text: plain('One'), value: '1' },
          { text: plain('Two'), value: '2' },
        ],
      },
    ],
  },
]
const reason: ModalView = {
  type: 'modal',
  callback_id: 'deny',
  private_metadata: 'thread:6',
  notify_on_close: true,
  title: plain('Deny'),
  submit: plain('Send'),
  blocks: [
    { type: 'input', block_id: 'why', label: plain('Why?'), element: { type: 'plain_text_input', action_id: 'text' } },
  ],
}

const ask = async () => {
  const opened = await open()
  const app = await openBolt(opened.sandbox)
  const { ts = '' } = await opened.client.chat.postMessage({ channel: 'C01', text: 'Deploy?', blocks: question })
  const press = (action_id: string, more = {}) =>
    opened.control<Delivered>('POST', '/click', { user: 'U01', channel: 'C01', ts, action_id, ...more })
  const messages = () =>
    opened.control<{ text: string; blocks?: AnyBlock[]; only_for: string | null }[]>('GET', '/messages')
  const views = () => opened.control<{ id: string; errors: object; title: { text: string } }[]>('GET', '/views')
  return { ...opened, app, ts, press, messages, views }
}

test('a click tells who clicked what in which message, and the app answers in its place', async () => {
  const { app, ts, press, messages } = await ask()
  let heard: BlockAction | undefined
  app.action<BlockAction>('approve', async ({ ack, body, respond }) => {
    heard = body
    await ack()
    await respond({ replace_original: true, text: 'Approved' })
  })
  expect(await press('approve')).toMatchObject({ type: 'block_actions', status: 200, failure: null })
  expect(heard).toMatchObject({
    user: { id: 'U01', username: 'shop-lead', team_id: 'T01' },
    team: { id: 'T01', domain: 'acme' },
    channel: { id: 'C01', name: 'deploys' },
    container: { type: 'message', message_ts: ts, channel_id: 'C01', is_ephemeral: false },
    message: { ts, bot_id: 'B01', text: 'Deploy?' },
    actions: [{ type: 'button', action_id: 'approve', block_id: 'answer', value: 'thread:6' }],
  })
  const [message] = await eventually(async () => {
    const all = await messages()
    return all[0]?.text === 'Approved' && all
  })
  expect(message?.blocks).toBeUndefined()
})

test('a choice from a menu carries the option, also in the state', async () => {
  const { app, press } = await ask()
  let heard: BlockAction | undefined
  app.action<BlockAction>('choice', async ({ ack, body }) => {
    heard = body
    await ack()
  })
  await press('choice', { value: '2' })
  expect(heard?.actions[0]).toMatchObject({
    type: 'static_select',
    selected_option: { value: '2', text: plain('Two') },
  })
  expect(heard?.state?.values['answer']?.['choice']).toMatchObject({ selected_option: { value: '2' } })
  await expect(press('choice', { value: '3' })).rejects.toThrow('option_not_found')
  await expect(press('nothing')).rejects.toThrow('action_not_found')
})

test('an answer for one person alone is new, and a response_url serves five times', async () => {
  const { app, press, messages } = await ask()
  const answers: string[] = []
  app.action<BlockAction>('deny', async ({ ack, body }) => {
    await ack()
    for (let time = 0; time < 6; time += 1) {
      const sent = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"text":"Not yours"}' }
      const answer = await fetch(body.response_url, sent)
      answers.push(`${answer.status} ${await answer.text()}`)
    }
  })
  await press('deny')
  await eventually(() => answers.length === 6)
  expect(answers).toEqual([...Array(5).fill('200 ok'), '404 {"ok":false,"error":"used_url"}'])
  expect((await messages())[1]).toMatchObject({ text: 'Not yours', only_for: 'U01' })
})

test('the same click comes again when it is sent again', async () => {
  const { app, press, control } = await ask()
  const heard: unknown[] = []
  app.action<BlockAction>('approve', async ({ ack, body }) => {
    heard.push(body.trigger_id)
    await ack()
  })
  const { id } = await press('approve')
  await control('POST', '/resend', { delivery: id })
  expect(heard).toHaveLength(2)
  expect(heard[0]).toBe(heard[1])
})

test('a modal is opened by a click, may say what is wrong, and closes when it was right', async () => {
  const { app, client, press, control, views } = await ask()
  app.action<BlockAction>('deny', async ({ ack, body }) => {
    await ack()
    await client.views.open({ trigger_id: body.trigger_id, view: reason })
    await client.views.open({ trigger_id: body.trigger_id, view: reason }).catch(({ data }) => heard.push(data.error))
  })
  const heard: string[] = []
  app.view('deny', async ({ ack, view, body }) => {
    const words = view.state.values['why']?.['text']?.value ?? ''
    heard.push(`${body.user.id} ${view.private_metadata} ${words}`)
    if (words === 'no') await ack({ response_action: 'errors', errors: { why: 'Say more' } })
    else await ack()
  })
  await press('deny')
  const [view] = await eventually(async () => {
    const all = await views()
    return all.length > 0 && heard.length > 0 && all
  })
  expect(heard).toEqual(['exchanged_trigger_id'])
  const submit = (text: string) => control('POST', '/view/submit', { view_id: view?.id, values: { why: { text } } })
  await submit('no')
  expect(await views()).toMatchObject([{ id: view?.id, errors: { why: 'Say more' } }])
  await submit('frontend first')
  expect(await views()).toEqual([])
  expect(heard.slice(1)).toEqual(['U01 thread:6 no', 'U01 thread:6 frontend first'])
})

test('a modal may become another, be laid upon, and be closed', async () => {
  const { app, client, press, control, views } = await ask()
  app.action<BlockAction>('deny', async ({ ack, body }) => {
    await ack()
    await client.views.open({ trigger_id: body.trigger_id, view: reason })
  })
  app.view('deny', ({ ack }) => ack({ response_action: 'push', view: { ...reason, title: plain('Sure?') } }))
  let closed = ''
  app.view({ callback_id: 'deny', type: 'view_closed' }, async ({ ack, view }) => {
    closed = view.title.text
    await ack()
  })
  await press('deny')
  const [view] = await eventually(async () => (await views()).length > 0 && views())
  await client.views.update({ view_id: view?.id ?? '', view: { ...reason, title: plain('Why not?') } })
  await expect(client.views.update({ view_id: view?.id ?? '', hash: 'old', view: reason })).rejects.toThrow(
    'hash_conflict',
  )
  await control('POST', '/view/submit', { view_id: view?.id, values: { why: { text: 'x' } } })
  const both = await views()
  expect(both.map(({ title }) => title.text)).toEqual(['Why not?', 'Sure?'])
  await control('POST', '/view/close', { view_id: both[1]?.id })
  expect(closed).toBe('Sure?')
  expect(await views()).toHaveLength(1)
})

test('an app that does not take what was submitted, or answers it with prose, leaves the modal open', async () => {
  const { client, sandbox, press, app, control, views } = await ask()
  app.action<BlockAction>('deny', async ({ ack, body }) => {
    await ack()
    await client.views.open({ trigger_id: body.trigger_id, view: reason })
  })
  await press('deny')
  const [view] = await eventually(async () => (await views()).length > 0 && views())
  const submit = () => control('POST', '/view/submit', { view_id: view?.id, values: {} })
  for (const answer of ['thanks', 500] as const) {
    const receiver = await openReceiver(answer)
    sandbox.setRequestUrls(receiver.urls)
    await submit()
    expect(await views()).toMatchObject([{ errors: { '': expect.stringContaining('trouble') } }])
  }
})

test('a command is a form, and what is acknowledged with is shown', async () => {
  const { app, control, messages } = await ask()
  app.command('/deploybot', async ({ ack, command, respond }) => {
    await ack(`Looking for ${command.text}`)
    await respond({
      response_type: 'in_channel',
      replace_original: true,
      text: `${command.user_id} in ${command.channel_name}`,
    })
  })
  const text = 'deploy backend & more'
  const acknowledged = await control('POST', '/command', { user: 'U02', channel: 'C01', text })
  expect(acknowledged).toMatchObject({ type: '/deploybot', status: 200, payload: { team_domain: 'acme', text } })
  const [, alone, all] = await eventually(async () => {
    const there = await messages()
    return there.length === 3 && there
  })
  expect(alone).toMatchObject({ text: `Looking for ${text}`, only_for: 'U02' })
  expect(all).toMatchObject({ text: 'U02 in deploys', only_for: null })
})

test('somebody whose command nobody takes is told so', async () => {
  const { control } = await open()
  await control('POST', '/command', { user: 'U01', channel: 'C01', text: 'status' })
  expect(await control('GET', '/messages')).toMatchObject([
    { only_for: 'U01', text: expect.stringContaining('failed') },
  ])
})
