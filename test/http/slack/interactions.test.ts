import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { approves, asked, looked, prepared, proposed, selected, toVault } from '../../thread/spec.ts'
import { clicks, eventually, openSlack, type Slack, submits } from './support.ts'

let slack: Slack
beforeAll(async () => {
  slack = await openSlack(afterAll)
})
beforeEach(() => {
  slack.fake.calls.length = 0
  slack.fake.responses.length = 0
})
afterEach(() => Object.assign(slack.trouble, { ms: 0, error: null }))

const awaiting = [asked(), looked, proposed, prepared()]
const choice = (format: 'yes_no' | 'multiple_choice', choices: string[]) => [
  asked(),
  looked,
  selected({
    intent: 'request_human_input',
    question: 'Which?',
    context: '',
    options: { urgency: 'low', format, choices },
  }),
]
const plant = async (steps: Parameters<Slack['plant']>[0]) => {
  const thread_id = await slack.plant(steps)
  const events = await slack.events(thread_id)
  return { thread_id, seq: events.length }
}
const last = async ({ thread_id }: { thread_id: string }) => (await slack.events(thread_id)).at(-1)
const as = (id: string, team_id = 'T01') => ({ user: { id, team_id, name: 'x' } })
const whispered = () =>
  eventually(
    () => slack.fake.responses.map(({ text }) => text),
    ({ length }) => length > 0,
  )

/** It changed nothing, and whoever did it is told why. */
const isRefused = async (payload: object, words: RegExp) => {
  const before = await slack.rows()
  expect(await slack.interaction(payload)).toEqual({ status: 200, body: '' })
  const [first] = await whispered()
  expect(first).toMatch(words)
  expect(slack.fake.responses[0]).toMatchObject({ response_type: 'ephemeral', replace_original: false })
  expect(await slack.rows()).toEqual(before)
}

describe('a click', () => {
  test('approves, as the person whose account it is', async () => {
    const target = await plant(awaiting)
    expect(await slack.interaction(clicks(slack, 'approve', target))).toEqual({ status: 200, body: '' })
    expect(await last(target)).toMatchObject({
      type: 'approval_given',
      actor: { kind: 'person', id: 'lead', via: 'slack' },
      data: { to: target.seq },
    })
    expect(slack.fake.responses).toEqual([])
  })

  test.each([
    ['yes', true],
    ['no', false],
  ])('says %s', async (action, approved) => {
    const target = await plant(choice('yes_no', []))
    await slack.interaction(clicks(slack, action, target))
    expect(await last(target)).toMatchObject({ type: 'human_response', data: { to: target.seq, approved } })
  })

  test('chooses by a button, and from a menu, what our log has in that place', async () => {
    const button = await plant(choice('multiple_choice', ['v1', 'v2']))
    await slack.interaction(clicks(slack, 'choose_1', button))
    expect(await last(button)).toMatchObject({ data: { choice: 'v2' } })
    const menu = await plant(choice('multiple_choice', ['a', 'b', 'c', 'd', 'e', 'f']))
    const control = { value: undefined, block_id: JSON.stringify(menu), selected_option: { value: '5' } }
    await slack.interaction(clicks(slack, 'choose', menu, {}, control))
    expect(await last(menu)).toMatchObject({ data: { choice: 'f' } })
  })

  test("takes an approval back while others are still asked, and only one's own", async () => {
    const target = await plant([asked(), looked, toVault, prepared({ environment: 'vault' })])
    await slack.interaction(clicks(slack, 'approve', target))
    await isRefused(clicks(slack, 'withdraw', target, as('U02')), /nothing of yours to take back/)
    await slack.interaction(clicks(slack, 'withdraw', target))
    expect(await last(target)).toMatchObject({ type: 'approval_withdrawn', actor: { id: 'lead', via: 'slack' } })
  })

  test('on a link is heard, and nothing more', async () => {
    const before = await slack.rows()
    const open = clicks(slack, 'open', {}, {}, { value: undefined })
    expect(await slack.interaction(open)).toEqual({ status: 200, body: '' })
    expect(await slack.rows()).toEqual(before)
  })

  test('that is replayed counts once and says nothing', async () => {
    const target = await plant([asked(), looked, toVault, prepared({ environment: 'vault' })])
    const payload = clicks(slack, 'approve', target)
    for (let i = 0; i < 3; i++) expect((await slack.interaction(payload)).status).toBe(200)
    const types = await slack.types(target.thread_id)
    expect(types.filter((type) => type === 'approval_given')).toHaveLength(1)
    expect(slack.fake.responses).toEqual([])
    await isRefused(clicks(slack, 'approve', target), /counted already/)
  })
})

describe('a click is refused politely:', () => {
  test('somebody was faster, and the message is made to say so', async () => {
    const target = await plant([...awaiting, approves('oncall')])
    await isRefused(clicks(slack, 'approve', { ...target, seq: awaiting.length + 2 }), /answered already/)
    const [edited] = await eventually(
      () => slack.fake.of('chat.update'),
      ({ length }) => length > 0,
    )
    expect(edited?.args).toMatchObject({ channel: 'C01', ts: '17.000001' })
    const words = JSON.stringify(edited?.args['blocks'])
    expect(words).toContain('Approved by `oncall`')
    expect(words).not.toContain('"actions"')
  })

  test('it has expired', async () => {
    const expires_at = '2020-01-01T00:00:00.000Z'
    const thread_id = await slack.plant(awaiting)
    const seq = (await slack.events(thread_id)).length
    await slack.store.pool.query(
      `update events set data = jsonb_set(data, '{expires_at}', to_jsonb($2::text)) where thread_id = $1 and seq = $3`,
      [thread_id, expires_at, seq],
    )
    await isRefused(clicks(slack, 'approve', { thread_id, seq }), /expired.*nothing was run/)
    const [edited] = await eventually(
      () => slack.fake.of('chat.update'),
      ({ length }) => length > 0,
    )
    expect(JSON.stringify(edited?.args['blocks'])).toMatch(/Expired: nobody answered/)
    expect(JSON.stringify(edited?.args['blocks'])).not.toContain('"actions"')
  })

  test('it no longer stands', async () => {
    const target = await plant(awaiting)
    await slack.door.handle(target.thread_id, {
      type: 'message',
      message: 'wait',
      actor: { kind: 'person', id: 'dev' },
    })
    await isRefused(clicks(slack, 'approve', target), /no longer stands/)
  })

  test('it is not theirs to answer', async () => {
    const target = await plant(awaiting)
    await isRefused(
      clicks(slack, 'approve', target, as('U03')),
      /dev may not approve this; approvers are lead, oncall, local/,
    )
    expect(slack.fake.calls).toEqual([])
  })

  test('they asked for it themselves', async () => {
    const target = await plant([asked('deploy', 'lead'), looked, toVault, prepared({ environment: 'vault' })])
    await isRefused(clicks(slack, 'approve', target), /somebody else must approve/)
  })

  test('nobody named them, and this is how somebody would', async () => {
    const target = await plant(awaiting)
    await isRefused(clicks(slack, 'approve', target, as('U99')), /names nobody with the Slack account T01\/U99/)
  })

  test('the same name in another workspace is somebody else', async () => {
    const target = await plant(awaiting)
    await isRefused(clicks(slack, 'approve', target, as('U01', 'T02')), /T02\/U01/)
  })

  test('a click does not say enough, and the page takes the rest', async () => {
    const target = await plant(choice('multiple_choice', ['v1', 'v2']))
    await isRefused(
      clicks(slack, 'yes', target),
      /a click alone does not answer this.*\n<https:\/\/bot.test\/threads\/[\w-]+\|The whole story>/,
    )
  })

  test('there is no such choice', async () => {
    const target = await plant(choice('multiple_choice', ['v1', 'v2']))
    await isRefused(clicks(slack, 'choose_7', target), /Nothing is asked here/)
  })
})

describe('what is no click of ours leaves no row:', () => {
  test.each<[string, (target: object) => object, number]>([
    [
      'of a workspace that did not install us',
      (target) => clicks(slack, 'approve', target, { team: { id: 'T99' } }),
      403,
    ],
    ['a control that we do not have', (target) => clicks(slack, 'destroy', target), 422],
    ['a value that was edited', () => clicks(slack, 'approve', { thread_id: 'x', seq: 1 }), 422],
    ['a value with more in it', (target) => clicks(slack, 'approve', { ...target, approved: true }), 422],
    ['a value that is no JSON', (target) => clicks(slack, 'approve', target, {}, { value: '{' }), 422],
    ['a seq that is none', (target) => clicks(slack, 'approve', { ...target, seq: 0.5 }), 422],
    ['no action', (target) => clicks(slack, 'approve', target, { actions: [] }), 422],
    ['another interaction', () => ({ type: 'shortcut', team: { id: 'T01' } }), 422],
    ['a dialog that we do not have', (target) => submits('approve', target, 'x'), 422],
  ])('%s', async (_, payload, status) => {
    const target = await plant(awaiting)
    const before = await slack.rows()
    expect((await slack.interaction(payload(target))).status).toBe(status)
    expect(await slack.rows()).toEqual(before)
  })

  test('of a thread that is not there', async () => {
    const target = { thread_id: '01890a5d-ac96-774b-bcce-b302099a8057', seq: 1 }
    await isRefused(clicks(slack, 'approve', target), /not possible/)
  })
})

describe('words', () => {
  test.each(['reject', 'ask', 'answer', 'override'])('for "%s" are asked for in a dialog', async (action) => {
    const target = await plant(awaiting)
    expect(await slack.interaction(clicks(slack, action, target))).toEqual({ status: 200, body: '' })
    expect(slack.fake.of('views.open')[0]?.args).toMatchObject({
      view: { callback_id: action, private_metadata: JSON.stringify(target) },
    })
  })

  test('can be said on the page where Slack opens no dialog', async () => {
    const target = await plant(awaiting)
    slack.fake.script('views.open', { body: { ok: false, error: 'expired_trigger_id' } })
    await slack.interaction(clicks(slack, 'reject', target))
    expect((await whispered())[0]).toMatch(/did not open.*\n<https:\/\/bot.test\/threads\//)
  })

  test('reject, with or without any', async () => {
    const target = await plant(awaiting)
    expect(await slack.interaction(submits('reject', target, 'frontend first'))).toEqual({ status: 200, body: '' })
    expect(await last(target)).toMatchObject({
      type: 'approval_denied',
      data: { comment: 'frontend first' },
      actor: { id: 'lead' },
    })
    const other = await plant(awaiting)
    await slack.interaction(submits('reject', other, null))
    expect(await last(other)).toMatchObject({ type: 'approval_denied', data: { comment: '' } })
  })

  test('ask, and answer', async () => {
    const target = await plant(awaiting)
    await slack.interaction(submits('ask', target, 'what changed?', as('U99')))
    expect(await last(target)).toMatchObject({
      type: 'message',
      data: { message: 'what changed?' },
      actor: { kind: 'caller' },
    })
    const question = await plant(choice('yes_no', []))
    await slack.interaction(submits('answer', question, 'only after lunch'))
    expect(await last(question)).toMatchObject({ type: 'human_response', data: { response: 'only after lunch' } })
  })

  test('sent twice count once', async () => {
    const target = await plant(awaiting)
    const payload = submits('reject', target, 'no')
    for (let i = 0; i < 3; i++) expect(await slack.interaction(payload)).toEqual({ status: 200, body: '' })
    expect((await slack.types(target.thread_id)).filter((type) => type === 'approval_denied')).toHaveLength(1)
  })

  test('of a stranger decide nothing, and stay in the dialog', async () => {
    const target = await plant(awaiting)
    const before = await slack.rows()
    const answer = await slack.interaction(submits('reject', target, 'no!', as('U99')))
    expect(answer).toEqual({
      status: 200,
      body: { response_action: 'errors', errors: { words: expect.stringMatching(/T01\/U99/) } },
    })
    expect(await slack.rows()).toEqual(before)
  })

  test('that come too late are told so in the dialog', async () => {
    const target = await plant([...awaiting, approves('oncall')])
    const answer = await slack.interaction(submits('reject', { ...target, seq: target.seq - 1 }, 'no'))
    expect(answer.body).toMatchObject({
      response_action: 'errors',
      errors: { words: expect.stringMatching(/answered already/) },
    })
  })
})

describe('while the database', () => {
  test('is slow, a click is answered honestly, and then with what became of it', { timeout: 20_000 }, async () => {
    const target = await plant(awaiting)
    slack.trouble.ms = 2_800
    const began = performance.now()
    expect(await slack.interaction(clicks(slack, 'approve', target))).toEqual({ status: 200, body: '' })
    expect(performance.now() - began).toBeLessThan(2_800)
    const told = await eventually(
      () => slack.fake.responses.map(({ text }) => text),
      ({ length }) => length > 1,
    )
    expect(told).toEqual([expect.stringMatching(/not recorded yet/), expect.stringMatching(/recorded now/)])
    expect(await last(target)).toMatchObject({ type: 'approval_given' })
  })

  test('is slow, a dialog stays open, and its words count once', { timeout: 20_000 }, async () => {
    const target = await plant(awaiting)
    const payload = submits('reject', target, 'no')
    slack.trouble.ms = 2_800
    expect((await slack.interaction(payload)).body).toMatchObject({
      errors: { words: expect.stringMatching(/it counts once/) },
    })
    await eventually(
      () => slack.types(target.thread_id),
      (types) => types.at(-1) === 'approval_denied',
    )
    slack.trouble.ms = 0
    expect(await slack.interaction(payload)).toEqual({ status: 200, body: '' })
    expect((await slack.types(target.thread_id)).filter((type) => type === 'approval_denied')).toHaveLength(1)
  })

  test('is gone, a click is told that it was not recorded, and can be made again', async () => {
    const target = await plant(awaiting)
    slack.trouble.error = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
    await isRefused(clicks(slack, 'approve', target), /NOT recorded/)
    slack.trouble.error = null
    await slack.interaction(clicks(slack, 'approve', target))
    expect(await last(target)).toMatchObject({ type: 'approval_given' })
  })
})
