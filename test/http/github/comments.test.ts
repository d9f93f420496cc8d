import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ToolError } from '../../../src/agent/ports.ts'
import { commandOf, meaningOf } from '../../../src/http/github/command.ts'
import { policy } from '../../thread/spec.ts'
import { comment, commented, numbers, open, pull, SHA, world } from './support.ts'

const people = { ...policy.people, lead: { github: 'shop-lead' }, oncall: { github_team: 'acme/oncall' } }

const it = world()
let app: Awaited<ReturnType<typeof open>>
beforeAll(async () => {
  app = await open({ ...it.deps, policy: { ...policy, people } }, afterAll)
})

type Change = (given: typeof it) => void

/** The same service, at a pull request and a comment that nobody has seen yet. */
const opened = async (change: Change = () => {}) => {
  it.reset()
  it.comment = comment('/deploy backend to staging')
  change(it)
  await app.mark()
  return app
}

describe('the first line of a comment', () => {
  test.each<[string, string, string]>([
    ['/deploy backend to staging', 'deploy', 'backend to staging'],
    ['  /Deploy  backend to staging \r\n\r\nthanks!', 'deploy', 'backend to staging'],
    ['/rollback backend on production', 'rollback', 'backend on production'],
    ['/deploybot what is live?', 'deploybot', 'what is live?'],
    ['/deploy', 'deploy', ''],
    ['/approve', 'decide', ''],
    ['/reject not today', 'decide', 'not today'],
    ['/deploy back\u200Bend \u202Eto staging', 'deploy', 'backend to staging'],
  ])('%j is a command', (body, verb, words) => expect(commandOf(body)).toEqual({ verb, words }))

  test.each([
    '',
    'please /deploy backend',
    '/deployment of backend',
    '> /deploy backend',
    '/',
    '\n\n',
    'LGTM\n/deploy backend',
  ])('%j is none', (body) => expect(commandOf(body)).toBeNull())
})

describe('what a command means', () => {
  const mean = (body: string, more: Parameters<typeof pull>[0] = {}) => {
    const command = commandOf(body)
    if (!command) throw new Error('no command')
    return meaningOf(command, pull(more), 'acme/shop', policy)
  }
  test.each<[string, string]>([
    ['/deploy backend to staging', `deploy backend ${SHA} to staging`],
    ['/deploy this to staging', `deploy ${SHA} this to staging`],
    ['/deploy backend and frontend to staging, please', `deploy backend ${SHA} and frontend ${SHA} to staging, please`],
    ['/deploy', `deploy ${SHA}`],
    ['/deploy backend v1.2.3 to staging', 'deploy backend v1.2.3 to staging'],
    ['/deploy backend latest to staging', 'deploy backend latest to staging'],
    ['/deploy constructor to staging', 'deploy constructor to staging'],
    ['/rollback backend on production', 'rollback backend on production'],
    ['/deploybot what is live?', 'what is live?'],
  ])('%s', (body, message) => expect(mean(body)).toEqual({ message }))

  test.each([
    '/deploy backend to staging',
    `/deploy backend ${SHA} to staging`,
    `/deploybot ship ${SHA.slice(0, 7)}`,
    '/deploy',
  ])('a commit of a fork is never deployed: %s', (body) =>
    expect(mean(body, { from_fork: true })).toEqual({ refused: 'fork' }),
  )
  test('on the pull request of a fork a tag of ours may be', () =>
    expect(mean('/deploy backend v1.2.3 to staging', { from_fork: true })).toEqual({
      message: 'deploy backend v1.2.3 to staging',
    }))
})

describe('a comment on a pull request', () => {
  test('by a person with write access launches a thread in their name that answers there', async () => {
    const { send, newest, lines } = await opened()
    expect((await send('issue_comment', commented('/deploy backend to staging'))).body).toEqual({ ok: true })
    const events = await newest()
    expect(events.slice(0, 2)).toMatchObject([
      {
        type: 'thread_launched',
        actor: { kind: 'person', id: 'lead', via: 'github' },
        data: {
          agent: 'deploy',
          reply_to: { pull_request: numbers().pull, repository: 'acme/shop' },
          context: {
            pull_request: { number: numbers().pull, title: 'Show prices with tax', sha: SHA, url: pull().url },
          },
        },
      },
      { type: 'message', data: { message: `deploy backend ${SHA} to staging` }, actor: { id: 'lead' } },
    ])
    expect(it.reactions).toEqual([[numbers().comment, 'eyes']])
    expect(lines).toContainEqual(
      expect.objectContaining({ thread_id: events[0]?.thread_id, delivery_id: expect.any(String) }),
    )
  })

  test.each<[string, Change, object]>([
    [
      'a member of a team of deploybot.yaml',
      (it) => {
        it.teams = ['acme/oncall']
        it.comment = comment('/deploybot hi', { login: 'mo' })
      },
      { kind: 'person', id: 'oncall', via: 'github' },
    ],
    [
      'anybody else with write access',
      (it) => {
        it.comment = comment('/deploybot hi', { login: 'mo' })
      },
      { kind: 'caller', id: 'mo', via: 'github comment' },
    ],
  ])('%s', async (_, change, actor) => {
    const { send, newest } = await opened(change)
    await send('issue_comment', commented('/deploybot hi'))
    expect((await newest())[0]?.actor).toEqual(actor)
  })

  test('told by two hooks, replayed, and five times at once, launches once', async () => {
    const { send, rows } = await opened()
    const bodies = Array.from({ length: 7 }, (_, i) =>
      commented('/deploy backend to staging', i < 2 ? { installation: { id: i } } : {}),
    )
    const answers = await Promise.all(bodies.map((body) => send('issue_comment', body)))
    expect(answers.map(({ status }) => status)).toEqual(bodies.map(() => 200))
    expect((await send('issue_comment', bodies[0])).body.ignored).toBe('taken before')
    expect((await rows()).threads).toBe(1)
  })

  test.each<[string, Change, object?]>([
    [
      'by somebody who may only read',
      (it) => {
        it.permission = 'read'
      },
    ],
    [
      'by somebody who may only triage',
      (it) => {
        it.permission = 'triage'
      },
    ],
    [
      'by a bot',
      (it) => {
        it.comment = comment('/deploy backend to staging', { is_bot: true })
      },
    ],
    [
      'that was edited since',
      (it) => {
        it.comment = comment('/deploy backend to staging', { edited: true })
      },
    ],
    [
      'that the API does not know',
      (it) => {
        it.comment = null
      },
    ],
    [
      'that says something else by the API',
      (it) => {
        it.comment = comment('never mind')
      },
    ],
    [
      'of last month',
      (it) => {
        it.comment = comment('/deploy backend to staging', { created_at: '2020-01-01T00:00:00Z' })
      },
    ],
    [
      'on what is no pull request by the API',
      (it) => {
        it.pull = null
      },
    ],
    ['that was edited', () => {}, { action: 'edited' }],
    ['on an issue', () => {}, { issue: { number: 7 } }],
    ['in another repository', () => {}, { repository: { full_name: 'evil/shop' } }],
  ])('%s launches nothing, is no row, and gets no answer', async (_, change, more = {}) => {
    const { send, rows, lines } = await opened(change)
    const answer = await send('issue_comment', commented('/deploy backend to staging', more))
    expect(answer).toMatchObject({ status: 200, body: { ignored: expect.any(String) } })
    expect(await rows()).toEqual({ deliveries: 0, threads: 0 })
    expect(it.said).toEqual([])
    expect(lines).toContainEqual(expect.objectContaining({ ignored: answer.body.ignored }))
  })

  test.each<[string, string, Change, RegExp]>([
    [
      'from a fork',
      '/deploy backend to staging',
      (it) => {
        it.pull = pull({ from_fork: true })
      },
      /fork/,
    ],
    ['that approves', '/approve', () => {}, /approves and rejects nothing.*http:\/\/127\.0\.0\.1\//],
    ['that says nothing', '/deploybot', () => {}, /for example/],
  ])('%s launches nothing, and is answered why', async (_, body, change, words) => {
    const { send, rows } = await opened((given) => {
      given.comment = comment(body)
      change(given)
    })
    expect((await send('issue_comment', commented(body))).status).toBe(200)
    expect(it.said).toEqual([
      {
        to: { repository: 'acme/shop', pull_request: numbers().pull },
        marker: `comment ${numbers().comment}`,
        text: expect.stringMatching(words),
      },
    ])
    expect((await rows()).threads).toBe(0)
  })

  test('on a fork keeps its commit and its title from the model', async () => {
    const { send, newest } = await opened((it) => {
      it.pull = pull({ from_fork: true })
      it.comment = comment('/deploy backend v1.2.3 to staging')
    })
    await send('issue_comment', commented('/deploy backend v1.2.3 to staging'))
    expect(JSON.stringify(await newest())).not.toMatch(SHA)
    expect((await newest())[0]?.data).toMatchObject({
      context: { pull_request: { number: numbers().pull, url: pull().url } },
    })
    expect(JSON.stringify(await newest())).not.toMatch(pull().title)
  })

  test('is refused, not taken unverified, where GitHub cannot be asked', async () => {
    const { send, rows } = await opened((it) => {
      it.deps.members.permission = () => Promise.reject(new ToolError('github_unavailable', '502'))
    })
    expect(await send('issue_comment', commented('/deploy backend to staging'))).toMatchObject({
      status: 503,
      body: { code: 'github_unavailable' },
    })
    expect(await rows()).toEqual({ deliveries: 0, threads: 0 })
  })

  test('nor where GitHub does not answer in the time that it gives us', { timeout: 15_000 }, async () => {
    const { send, rows } = await opened((it) => {
      it.deps.conversation.comment = () => new Promise(() => {})
    })
    const began = performance.now()
    expect(await send('issue_comment', commented('/deploy backend to staging'))).toMatchObject({
      status: 503,
      body: { code: 'github_timeout' },
    })
    expect(performance.now() - began).toBeLessThan(9_500)
    expect((await rows()).threads).toBe(0)
  })

  test('launches also where no reaction can be left', async () => {
    const { send, rows } = await opened((it) => {
      it.deps.conversation.react = () => Promise.reject(new ToolError('github_forbidden', 'no'))
    })
    expect((await send('issue_comment', commented('/deploy backend to staging'))).status).toBe(200)
    expect((await rows()).threads).toBe(1)
  })
})
