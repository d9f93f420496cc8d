import { v7 as uuidv7 } from 'uuid'
import type { Log } from '../../src/agent/ports.ts'
import type { Actor, Event, NewEvent } from '../../src/thread/event.ts'
import { fold } from '../../src/thread/evolve.ts'
import { indexRow } from '../../src/thread/index-row.ts'

export const EVIL = '<script>document.title="owned"</script><img src=x onerror=alert(1)>"\'&'
export const LONG = 'unbroken'.repeat(1_250)
export const RTL = '\u202eexe.tnemyolped\u202c שלום עולם مرحبا بالعالم'
const dev: Actor = { kind: 'person', id: 'local', via: 'http' }
const code: Actor = { kind: 'code' }

const asked = (to: number, expires_at: string): NewEvent => ({
  type: 'approval_requested',
  actor: code,
  data: {
    to,
    intent: 'deploy_backend',
    service: 'backend',
    environment: 'production',
    tag: `v9-${'9'.repeat(200)}`,
    sha: '7'.repeat(40),
    repository: 'acme/shop',
    workflow: 'deploy-backend.yml',
    ref: 'main',
    args_hash: 'f'.repeat(64),
    policy_version: 'p'.repeat(64),
    expires_at,
    live: { tag: EVIL, sha: '6'.repeat(40), since: '2026-02-01T00:00:00Z', url: 'javascript:alert(1)' },
    direction: 'diverged',
    commits: Array.from({ length: 300 }, (_, i) => ({
      sha: String(i).padStart(40, '0'),
      message: i % 3 === 0 ? EVIL : i % 3 === 1 ? LONG : RTL,
      author: i % 2 === 0 ? EVIL : RTL,
      date: '2026-02-01T00:00:00Z',
    })),
    commits_total: 300,
    compare_url: 'javascript:alert(1)',
    pull_requests: [{ number: 1, title: EVIL, author: RTL, url: 'https://github.com/acme/shop/pull/1' }],
    files: { total: 400, paths: [LONG, EVIL, RTL] },
    stage: null,
    changed: [EVIL, LONG],
    blocked: [{ code: 'frozen', message: `${EVIL} ${LONG}` }],
    quorum: 1,
    approvers: ['local', LONG],
    self_approval: true,
  },
})

const FACTS = (expires_at: string): NewEvent[] => [
  { type: 'thread_launched', data: { agent: 'deploy', title: `${EVIL} ${RTL}` }, actor: dev },
  { type: 'message', data: { message: `${EVIL}\n${LONG}\n${RTL}` }, actor: dev },
  ...Array.from(
    { length: 496 },
    (_, i): NewEvent =>
      ({
        type: i % 2 === 0 ? 'error' : 'message',
        ...(i % 2 === 0
          ? { data: { code: 'x', message: i % 4 === 0 ? LONG : `${EVIL}\nmore`, log: LONG }, actor: code }
          : { data: { message: `${i} ${RTL}` }, actor: { ...dev, id: i % 3 === 0 ? LONG : 'local' } }),
      }) as NewEvent,
  ),
  {
    type: 'deploy_backend',
    data: { intent: 'deploy_backend', tag: 'v9', environment: 'production' },
    actor: { kind: 'model', model: LONG, prompt_hash: 'a'.repeat(64), input_tokens: 1e9, output_tokens: 1, ms: 1e7 },
  },
  asked(499, expires_at),
]

/** A log of 500 events with whatever can break a page: it waits for an approval of 300 commits. Its id. */
export const writeHostile = async (log: Log): Promise<string> => {
  const id = uuidv7()
  const began = Date.now() - 3_600_000
  const facts = FACTS(new Date(Date.now() + 3_600_000).toISOString())
  const events = facts.map(
    (fact, i): Event => ({ ...fact, thread_id: id, seq: i + 1, at: new Date(began + i * 1_000).toISOString() }),
  )
  const state = fold(events)
  if (state === null) throw new Error('no thread')
  await log.append({ thread_id: id, expected_version: 0, events, index: indexRow(state), hold: 'keep' })
  return id
}
