import { describe, expect, onTestFinished, test } from 'vitest'
import { createSessions } from '../../../src/http/sign-in/sessions.ts'
import type { Event, NewEvent } from '../../../src/thread/event.ts'
import { fold } from '../../../src/thread/evolve.ts'
import { indexRow } from '../../../src/thread/index-row.ts'
import { startApp } from '../../support/app.ts'
import { freshDatabase } from '../../support/postgres.ts'
import { policy } from '../../thread/spec.ts'
import { approvalRequest, logOf, questionOf, requestOf } from './logs.ts'
import { createBrowser, formIn } from './support.ts'

const SESSIONS = createSessions('a-secret')

/** The real edge and store, with browsers that are signed in as whoever they say. */
const start = async () => {
  const { connection, drop } = await freshDatabase()
  onTestFinished(drop)
  const people = { ...policy.people, other: {} }
  const app = await startApp(connection, { auth: 'tokens', sessions: SESSIONS, policy: { ...policy, people } })
  const as = async (person: string) => {
    const browser = createBrowser(app.url)
    const seconds = Math.floor(Date.now() / 1_000)
    browser.cookies.set(
      'deploybot-session',
      await SESSIONS.sealSession({ person, login: person, signed_in_at: seconds }),
    )
    return browser
  }
  const write = async (facts: NewEvent[]): Promise<string> => {
    const events: Event[] = logOf(facts)
    const state = fold(events)
    if (state === null) throw new Error('no thread')
    await app.store.log.append({
      thread_id: state.id,
      expected_version: 0,
      events,
      index: indexRow(state),
      hold: 'keep',
    })
    return state.id
  }
  return { ...app, as, write }
}

/** The parts of an inbox. */
const partsOf = (page: string) => {
  const [, yours = '', rest = ''] = /id="yours"([\s\S]*?)<\/section>([\s\S]*)/.exec(page) ?? []
  return { yours, rest }
}

describe('the inbox', () => {
  test('shows each approver what waits for them, the soonest to expire first, and others what it waits for', async () => {
    const { as, write } = await start()
    const later = await write([...requestOf('lead', 'backend'), approvalRequest({ service: 'backend', minutes: 50 })])
    const soon = await write([...requestOf('other', 'frontend'), approvalRequest({ service: 'frontend', minutes: 10 })])
    const page = (await (await as('oncall')).go('/')).text
    const { yours } = partsOf(page)
    expect(yours).toContain('2 wait for you')
    expect(yours.indexOf(soon)).toBeLessThan(yours.indexOf(later))
    expect(yours).toMatch(/frontend on production: v1\.2\.2 → v1\.2\.3[\s\S]*2 commits ship/)
    expect(yours).toMatch(/asked by other, waiting (less than a minute|1 min),/)
    const { rest, ...none } = partsOf((await (await as('other')).go('/')).text)
    expect(none.yours).toContain('Nothing waits for you')
    expect(rest).toMatch(/Waits for others[\s\S]*other may not approve this/)
  })

  test('leaves out what they asked for themselves where that is forbidden, and what they have approved already', async () => {
    const { as, write } = await start()
    await write([...requestOf('lead', 'backend'), approvalRequest({ self_approval: false })])
    const two = approvalRequest({ quorum: 2 })
    await write([
      ...requestOf('other', 'backend'),
      two,
      { type: 'approval_given', data: { to: 4, args_hash: two.data.args_hash }, actor: { kind: 'person', id: 'lead' } },
    ])
    const lead = partsOf((await (await as('lead')).go('/')).text)
    expect(lead.yours).toContain('Nothing waits for you')
    expect(lead.rest).toMatch(/lead asked for this[\s\S]*lead has approved/)
    expect(partsOf((await (await as('oncall')).go('/')).text).yours).toContain('2 wait for you')
  })

  test('shows questions to whoever is asked, and takes the answer in place', async () => {
    const { as, write } = await start()
    const id = await write([...requestOf('other', 'backend').slice(0, 2), questionOf('which <b>tag</b>?')])
    expect(partsOf((await (await as('oncall')).go('/')).text).yours).toContain('Nothing waits for you')
    const { go, send } = await as('other')
    const page = (await go('/')).text
    expect(partsOf(page).yours).toMatch(/which &#60;b&#62;tag/)
    const answered = await send(`/threads/${id}/answers`, {
      form: formIn(page),
      to: '3',
      back: '/',
      answer: 'words',
      comment: 'v1.2.3',
    })
    expect([answered.status, answered.to]).toEqual([303, '/'])
    expect((await go('/')).text).toContain('Nothing waits for you')
  })

  test('sees at once what another process wrote, and folds a thread once for each of its versions', async () => {
    const { as, write, store } = await start()
    const { go } = await as('lead')
    const id = await write([...requestOf('other', 'backend'), approvalRequest({})])
    expect((await go('/')).text).toContain('1 waits for you')
    const events = logOf([{ type: 'cancelled', data: { reason: '' }, actor: { kind: 'code' } }], id, 4)
    const before = (await store.log.load(id)).events
    const state = fold(events, fold(before))
    if (state === null) throw new Error('no thread')
    await store.log.append({ thread_id: id, expected_version: 4, events, index: indexRow(state), hold: 'keep' })
    expect((await go('/')).text).toContain('Nothing waits for you')
  })

  test('teaches a newcomer the first line to try', async () => {
    const { as } = await start()
    expect((await (await as('lead')).go('/')).text).toMatch(
      /Begin here[\s\S]*curl -X POST http:\/\/127\.0\.0\.1\/threads/,
    )
  })

  test('stays within 50 kB, however much waits', async () => {
    const { as, write } = await start()
    for (let i = 0; i < 60; i++) await write([...requestOf('other', 'backend'), approvalRequest({ minutes: i + 5 })])
    const { text } = await (await as('lead')).go('/')
    expect(text).toContain('60 wait for you')
    expect(text).toContain('and 28 more')
    expect(text.length).toBeLessThan(50_000)
  })
})

describe('the list of threads', () => {
  test('is filtered by what stands in its address, and says how many there are', async () => {
    const { as, write } = await start()
    const back = await write([...requestOf('lead', 'backend'), approvalRequest({ service: 'backend' })])
    const front = await write([...requestOf('other', 'frontend'), approvalRequest({ service: 'frontend' })])
    const { go } = await as('lead')
    const found = async (query: string) => {
      const { text } = await go(`/threads?${query}`)
      return [back, front].map((id) => text.includes(`/threads/${id}`))
    }
    expect(await found('')).toEqual([true, true])
    expect(await found('service=frontend')).toEqual([false, true])
    expect(await found('service=&environment=production&person=lead&agent=&text=')).toEqual([true, false])
    expect(await found('text=FRONT&status=awaiting_approval')).toEqual([false, true])
    expect(await found('status=done')).toEqual([false, false])
    const { text } = await go('/threads?service=frontend&text=%22%3E%3Cscript%3E')
    expect(text).toMatch(/<option selected>frontend/)
    expect(text).toContain('value="&#34;&#62;&#60;script&#62;"')
    expect(text).toMatch(
      /href="\/threads\?service&#61;frontend[^"]*status&#61;awaiting_approval"[^>]*>awaiting approval <span class="count">2/,
    )
  })

  test('goes on where its page ended', async () => {
    const { as, write } = await start()
    for (let i = 0; i < 51; i++) await write(requestOf('lead', `s${i}`).slice(0, 2))
    const { go } = await as('lead')
    const first = (await go('/threads')).text
    expect(first.match(/<li>/g)).toHaveLength(50)
    const older = /href="([^"]*cursor[^"]*)"/.exec(first)?.[1]?.replaceAll('&#61;', '=').replaceAll('&#38;', '&') ?? ''
    expect((await go(older)).text.match(/<li>/g)).toHaveLength(1)
  })
})
