import { describe, expect, test } from 'vitest'
import { fold } from '../../src/thread/evolve.ts'
import { forked, forkOf } from '../../src/thread/fork.ts'
import type { Input } from '../../src/thread/input.ts'
import type { EnvironmentPolicy } from '../../src/thread/policy.ts'
import { renderPrompt, renderThread } from '../../src/thread/prompt.ts'
import {
  accepted,
  approves,
  asked,
  cancels,
  from,
  given,
  looked,
  person,
  policy,
  prepared,
  proposed,
  rejects,
  responds,
  rules,
  runIs,
  running,
  START,
  said,
  selected,
  story,
  timer,
  toVault,
} from './spec.ts'

const ask = selected({ intent: 'request_more_information', question: 'Which tag?' })
const yesNo = selected({
  intent: 'request_human_input',
  question: 'Really?',
  context: '',
  options: { urgency: 'high', format: 'yes_no', choices: [] },
})
const choose = selected({
  intent: 'request_human_input',
  question: 'What now?',
  context: '',
  options: { urgency: 'low', format: 'multiple_choice', choices: ['try again', 'leave it'] },
})
const done = selected({ intent: 'done_for_now', message: 'bye' })

describe('launching', () => {
  test('a request becomes a thread and its first words', () =>
    given()
      .when(asked())
      .yields({ type: 'thread_launched' }, { type: 'message', actor: { id: 'dev' } }))
  test('the title is the first line, capped', () => {
    const state = given()
      .when(asked(`${'x'.repeat(200)}\nmore`))
      .state()
    expect([...state.title]).toHaveLength(80)
  })
  test('an unknown agent is refused', () =>
    given()
      .when({ type: 'launch', agent: 'evil', message: 'hi', actor: person('dev') })
      .isRefused('unknown_agent'))
  test('a thread that is not there is unknown', () => given().when(said('hi')).isRefused('unknown_thread'))
  test('a thread is launched once', () => given(asked()).when(asked()).isRefused('already_launched'))
})

describe('words from people', () => {
  test('reach a running thread', () => given(asked(), looked).when(said('hurry')).yields({ type: 'message' }))
  test('void an approval that was asked for before them', () =>
    given(asked(), looked, proposed, prepared())
      .when(said('wait, v1.2.4!'))
      .yields({ type: 'approval_superseded', data: { reason: 'message' } }, { type: 'message' }))
  test('void an approval that was given and not yet dispatched', () =>
    given(asked(), looked, proposed, prepared(), approves())
      .when(said('stop!'))
      .yields({ type: 'approval_superseded' }, { type: 'message' }))
  test('do not touch a run in flight', () =>
    given(...running)
      .when(said('how is it?'))
      .leadsTo('awaiting_run'))
  test('end a wait', () =>
    given(asked(), looked, selected({ intent: 'wait', seconds: 60, reason: 'soak' }))
      .when(said('now'))
      .leadsTo('running'))
  test('go on with a thread that is done', () => given(asked(), looked, done).when(said('one more')).leadsTo('running'))
  test('are refused by a cancelled thread', () => given(asked(), cancels()).when(said('hi')).isRefused('thread_ended'))
  test('answer an open question in passing', () => {
    const state = given(asked(), looked, ask).when(said('v1.2.3')).state()
    expect(state.status).toBe('running')
    expect(Object.values(state.closed)).toContain('superseded')
  })
})

describe('approval', () => {
  const waiting = [asked(), looked, proposed, prepared()] as const
  test('by an approver starts the second look', () =>
    given(...waiting)
      .when(approves('lead'))
      .yields({ type: 'approval_given', actor: { id: 'lead' } }))
  test('is bound to the hash that was shown', () => {
    const state = story([...waiting]).state
    if (state.status !== 'awaiting_approval') throw new Error(state.status)
    given(...waiting)
      .when(approves())
      .yields({ data: { to: state.request.seq, args_hash: state.request.args_hash } })
  })
  test('by somebody else is refused', () =>
    given(...waiting)
      .when(approves('dev'))
      .isRefused('not_yours_to_answer'))
  test('by a token without a person is refused', () =>
    given(...waiting)
      .when((state) => ({ ...approves()(state), actor: { kind: 'caller', id: 'ci' } }) as Input)
      .isRefused('not_yours_to_answer'))
  test('after its expiry is refused, before any timer fired', () =>
    given(...waiting)
      .when(approves(), { later: 3600 })
      .isRefused('expired'))
  test('expires by timer, which is not a denial', () =>
    given(...waiting)
      .when(timer, { later: 3600 })
      .yields({ type: 'approval_expired' }))
  test('does not expire early', () =>
    given(...waiting)
      .when(timer, { later: 10 })
      .yieldsNothing())
  test('without yes or no is refused', () =>
    given(...waiting)
      .when(responds('lead', { response: 'hm' }))
      .isRefused('answer_mismatch'))
  test('can be rejected with words', () =>
    given(...waiting)
      .when(rejects('backend first?'))
      .yields({ type: 'approval_denied', data: { comment: 'backend first?' } }))
  test('can be rejected by who asked', () =>
    given(...waiting)
      .when(rejects('oops', 'dev'))
      .leadsTo('running'))
  test('cannot be rejected by a bystander', () =>
    given(...waiting)
      .when(rejects('no', 'ceo'))
      .isRefused('not_yours_to_answer'))
  test('needs two where policy says two', () => {
    given(asked(), looked, toVault, prepared({ environment: 'vault' }))
      .when(approves('lead'))
      .leadsTo('awaiting_approval')
    given(asked(), looked, toVault, prepared({ environment: 'vault' }), approves('lead'))
      .when(approves('oncall'))
      .leadsTo('running')
  })
  test('counts nobody twice', () =>
    given(asked(), looked, toVault, prepared({ environment: 'vault' }), approves('lead'))
      .when(approves('lead'))
      .isRefused('already_approved_by_you'))
  test('does not count who asked, where policy forbids it', () =>
    given(asked('deploy', 'lead'), looked, toVault, prepared({ environment: 'vault' }))
      .when(approves('lead'))
      .isRefused('self_approval'))
  test('does not count who added words either', () =>
    given(asked(), looked, said('to vault', 'oncall'), looked, toVault, prepared({ environment: 'vault' }))
      .when(approves('oncall'))
      .isRefused('self_approval'))
})

describe('an answer to a question that is closed', () => {
  const to = (story([asked(), looked, proposed, prepared()]).events.at(-1)?.seq ?? 0) as number
  const again = responds('lead', { to, approved: true })
  const waiting = [asked(), looked, proposed, prepared()] as const
  test('answered', () =>
    given(...waiting, approves())
      .when(again)
      .isRefused('already_answered'))
  test('denied', () =>
    given(...waiting, rejects('no'))
      .when(again)
      .isRefused('already_answered'))
  test('superseded', () =>
    given(...waiting, said('wait'))
      .when(again)
      .isRefused('superseded'))
  test('never asked', () =>
    given(...waiting)
      .when(responds('lead', { to: 1, approved: true }))
      .isRefused('nothing_asked'))
})

describe('editing what is proposed', () => {
  const waiting = [asked(), looked, proposed, prepared()] as const
  const edits = (args: Record<string, string>, by = 'lead') => responds(by, { args })
  test('is a new selection under policy', () =>
    given(...waiting)
      .when(responds('lead', { args: { tag: 'v1.2.2' }, comment: 'the cart is broken' }))
      .yields(
        {
          type: 'approval_superseded',
          data: { reason: 'edit', by: 'lead', changed: ['tag: v1.2.3 → v1.2.2'], comment: 'the cart is broken' },
        },
        { type: 'deploy_backend', data: { tag: 'v1.2.2', environment: 'production' }, actor: { id: 'lead' } },
      ))
  test('makes the editor one who asked', () =>
    given(
      asked(),
      looked,
      toVault,
      prepared({ environment: 'vault' }),
      edits({ tag: 'v1.2.2' }),
      prepared({ environment: 'vault', tag: 'v1.2.2' }),
    )
      .when(approves('lead'))
      .isRefused('self_approval'))
  test.each([
    [{ nope: 'x' }],
    [{ intent: 'rollback' }],
    [{ tag: '' }],
    [{ environment: 'moon' }],
    [{ tag: 'v1.2.3' }],
    [{ constructor: 'x' }],
    [{ tag: 'v1.2.4 --force' }],
    [{ tag: 'v1\u202e2' }],
    [{ tag: 'x'.repeat(251) }],
  ])('%j is refused', (args) =>
    given(...waiting)
      .when(edits(args))
      .isRefused('bad_edit'),
  )
  test.each(['dev', 'ceo', 'nobody'])('is not for %s, who approves nothing there', (by) =>
    given(...waiting)
      .when(edits({ tag: 'v1.2.2' }, by))
      .isRefused('not_yours_to_answer'),
  )
  test('is no yes, and does not go with one', () =>
    given(...waiting)
      .when(responds('lead', { args: { tag: 'v1.2.2' }, approved: true }))
      .isRefused('answer_mismatch'))
  test('is asked about also where policy would ask nobody, and whoever edited may say yes', () => {
    const toStaging = [...waiting, edits({ environment: 'staging' }), prepared({ environment: 'staging', stage: null })]
    given(...waiting, edits({ environment: 'staging' }))
      .when(prepared({ environment: 'staging', stage: null }))
      .yields({ type: 'approval_requested', data: { environment: 'staging', quorum: 1, self_approval: true } })
    given(...toStaging)
      .when(approves('lead'))
      .yields({ type: 'approval_given' })
  })
  test('is told to the model: who changed what, and why, and not what was asked before', () => {
    const edit = responds('lead', { args: { tag: 'v1.2.2' }, comment: 'the cart is broken' })
    const { events } = story([...waiting, edit, prepared({ tag: 'v1.2.2' })])
    const text = renderThread(events)
    expect(text).toMatch(/<approval_superseded>\nby: lead\nreason: edit\n[^<]*v1.2.3 → v1.2.2[^<]*the cart is broken/)
    expect(text.match(/<deploy_backend>/g)).toHaveLength(1)
  })
})

describe('a question', () => {
  test('is answered in words', () =>
    given(asked(), looked, ask)
      .when(responds('dev', { response: 'v1.2.3' }))
      .yields({ type: 'human_response' }))
  test('is not answered by nothing', () =>
    given(asked(), looked, ask)
      .when(responds('dev', { response: ' ' }))
      .isRefused('answer_mismatch'))
  test('in free words takes no yes', () =>
    given(asked(), looked, ask)
      .when(responds('dev', { approved: true }))
      .isRefused('answer_mismatch'))
  test('yes or no', () =>
    given(asked(), looked, yesNo)
      .when(responds('dev', { approved: false }))
      .leadsTo('running'))
  test('takes only offered choices', () => {
    given(asked(), looked, choose)
      .when(responds('dev', { choice: 'leave it' }))
      .leadsTo('running')
    given(asked(), looked, choose)
      .when(responds('dev', { choice: 'sudo' }))
      .isRefused('unknown_choice')
  })
  test('has no arguments to edit', () =>
    given(asked(), looked, ask)
      .when(responds('dev', { args: { tag: 'x' } }))
      .isRefused('answer_mismatch'))
})

describe('cancelling', () => {
  test.each([
    ['a running thread', [asked()]],
    ['an approval', [asked(), looked, proposed, prepared()]],
    ['an approved step', [asked(), looked, proposed, prepared(), approves()]],
    ['a dispatch under way', [asked(), looked, proposed, prepared(), approves(), prepared()]],
    ['a run', running],
    ['a question', [asked(), looked, ask]],
    ['a sleep', [asked(), looked, selected({ intent: 'wait', seconds: 9, reason: '' })]],
  ])('works during %s', (_, steps) =>
    given(...steps)
      .when(cancels())
      .leadsTo('cancelled'),
  )
  test('follows the run in flight to its end', () => {
    given(...running, cancels())
      .when({ type: 'run_cancel_requested', run_id: 7, accepted: true, message: '' })
      .yields({ type: 'run_cancel_requested' })
    given(...running, cancels())
      .when(runIs('completed', 'cancelled'))
      .yields({ type: 'run_reported' }, { type: 'deploy_backend_result', data: { status: 'cancelled' } })
    given(...running, cancels())
      .when(runIs('completed', 'cancelled'))
      .leadsTo('cancelled')
  })
  test('asks again when GitHub did not hear that the run should stop', () =>
    given(...running, cancels())
      .when({ type: 'run_cancel_requested', run_id: 7, accepted: false, message: 'down', retry_after_ms: 2_000 })
      .yieldsNothing())
  test('a dispatch under way still learns of its run', () =>
    given(asked(), looked, proposed, prepared(), approves(), prepared(), cancels())
      .when(accepted(7))
      .yields({ type: 'dispatch_accepted' }))
  test('ends once', () => given(asked(), cancels()).when(cancels()).isRefused('thread_ended'))
  test('is too late for a thread that is done', () =>
    given(asked(), looked, done).when(cancels()).isRefused('thread_ended'))
  test('closes the open approval', () => {
    const open = story([asked(), looked, proposed, prepared()]).events.length
    given(asked(), looked, proposed, prepared(), cancels())
      .when(responds('lead', { to: open, approved: true }))
      .isRefused('superseded')
  })
})

describe('a fork', () => {
  const source = story(running).events
  const fork = (at: number) => forkOf(source, at, { id: 'f', actor: person('ann'), at: START })
  test('waits for words at every point of the source, whatever was approved or running there', () => {
    for (const { seq } of source) {
      const state = fold(fork(seq))
      expect(state?.status).toBe('awaiting_human')
      expect(state?.forked_from).toBe(source[0]?.thread_id)
    }
  })
  test('copies nothing beyond its point', () => expect(fork(3)).toHaveLength(4))
  test.each([0, -1, 999])('at %i is refused', (at) =>
    expect(() => fork(at)).toThrow(expect.objectContaining({ code: 'bad_fork' })),
  )
  const begun = { id: 'f', actor: person('ann'), at: START }
  test('goes on at once with the words that are said in it, without what nobody should read', () => {
    const copy = forked(source, { at: 1, message: 'password=hunter2 to staging' }, begun, rules)
    expect(copy.map(({ type }) => type)).toEqual(['thread_launched', 'forked', 'message'])
    expect(copy.at(-1)).toMatchObject({ seq: 3, data: { message: 'password=[redacted] to staging' } })
    expect(fold(copy)).toMatchObject({ status: 'running', pending: null, requesters: ['dev', 'ann'] })
  })
  test('tells its model what it is given, among the rules and not in the thread, and so do copies of it', () => {
    const told = forked(source, { at: 3, message: 'go on', prompt: 'Be <brief>.\ntoken=abcdef' }, begun, rules)
    const again = forked(told, { at: 5 }, begun, rules)
    const before = forked(told, { at: 2 }, begun, rules)
    const other = forked(told, { at: 5, prompt: 'Be kind.' }, begun, rules)
    const usual = renderPrompt(source, policy).setup
    expect(renderPrompt(told, policy).setup).toBe(
      `${usual}\nrules_of_this_thread: "Be \\u003cbrief>.\\ntoken=[redacted]"`,
    )
    expect(renderPrompt(again, policy).setup).toBe(renderPrompt(told, policy).setup)
    expect(renderPrompt(other, policy).setup).toBe(`${usual}\nrules_of_this_thread: "Be kind."`)
    expect(renderPrompt(before, policy).setup).toBe(usual)
    expect(renderPrompt(told, policy).thread).not.toContain('brief')
  })
})

test('who asks by an address that nobody vouches for does not approve what they asked for either', () => {
  const vault = { environment: 'vault' }
  const by = { ...rules, policy: { ...policy, people: { ...policy.people, lead: { email: 'Lead@acme.test' } } } }
  const mailed: Input = { ...asked(), actor: { kind: 'caller', id: 'lead@acme.test', via: 'email' } }
  const { state } = story([mailed, looked, toVault, prepared(vault)], by)
  from(state, by).when(approves('lead')).isRefused('self_approval')
  from(state, by).when(approves('oncall')).yields({ type: 'approval_given' })
})

describe('two of three', () => {
  const vault = { environment: 'vault' }
  const waiting = [asked(), looked, toVault, prepared(vault)]
  const commits = [{ sha: 'a'.repeat(40), message: 'Add cart', author: 'L', author_login: 'shop-lead', date: START }]
  const ownCommits = {
    ...rules,
    policy: {
      ...policy,
      environments: {
        ...policy.environments,
        vault: { ...policy.environments['vault'], author_approval: false } as EnvironmentPolicy,
      },
    },
  }

  test('may think again before the last yes, which is recorded', () => {
    given(...waiting, approves('lead'))
      .when(responds('lead', { withdrawn: true, comment: 'wait for the backup' }))
      .yields({ type: 'approval_withdrawn', data: { comment: 'wait for the backup' }, actor: { id: 'lead' } })
    const again = [...waiting, approves('lead'), responds('lead', { withdrawn: true }), approves('oncall')]
    expect(story(again).state.status).toBe('awaiting_approval')
    expect(story([...again, approves('lead')]).state.status).toBe('running')
  })
  test('can take back only what they gave', () =>
    given(...waiting, approves('lead'))
      .when(responds('oncall', { withdrawn: true }))
      .isRefused('not_approved_by_you'))
  test('cannot take it back once it is decided', () =>
    given(...waiting, approves('lead'), approves('oncall'))
      .when({ type: 'respond', to: 6, withdrawn: true, actor: person('lead') })
      .isRefused('already_answered'))
  test('do not count whose own commits it ships, where policy says so', () => {
    const { state } = story([asked(), looked, toVault, prepared({ ...vault, commits })], ownCommits)
    from(state, ownCommits).when(approves('lead')).isRefused('author_approval')
    from(state, ownCommits).when(approves('oncall')).yields({ type: 'approval_given' })
  })
  test('count whatever they ship, where it says nothing', () =>
    given(asked(), looked, toVault, prepared({ ...vault, commits }))
      .when(approves('lead'))
      .yields({ type: 'approval_given' }))
})
