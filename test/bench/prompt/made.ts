import { rulesOf } from '../../../src/agent/rules.ts'
import { readConfig } from '../../../src/config.ts'
import { decide, place } from '../../../src/thread/decide.ts'
import type { Event } from '../../../src/thread/event.ts'
import { fold } from '../../../src/thread/evolve.ts'
import type { Input } from '../../../src/thread/input.ts'
import type { ThreadState } from '../../../src/thread/state.ts'
import type { Step } from '../../../src/thread/step.ts'

const rules = rulesOf(readConfig({}).policy)
const actor = { kind: 'person', id: 'local' } as const
const call = { model: 'made', prompt_hash: '', input_tokens: 0, output_tokens: 0, ms: 0 }
const START = Date.parse('2026-11-23T08:00:00Z')

type Made = Input | ((state: ThreadState) => Input)

/** A thread that these inputs lead to, a minute apart. */
const thread = (inputs: Made[]): Event[] => {
  let events: Event[] = []
  let state: ThreadState | null = null
  for (const [i, one] of inputs.entries()) {
    const at = new Date(START + i * 60_000).toISOString()
    const input: Input = typeof one === 'function' ? one(state as unknown as ThreadState) : one
    const more = place(decide({ ...input, at }, state, rules), 'made', events.length, at)
    events = [...events, ...more]
    state = fold(more, state)
  }
  return events
}

const sha = (n: number): string => n.toString(16).padStart(2, '0').repeat(20)
const facts: Input = {
  type: 'facts_fetched',
  results: [
    {
      intent: 'list_git_tags',
      data: {
        tags: Array.from({ length: 30 }, (_, n) => ({
          name: `v2.${30 - n}.0`,
          commit: sha(n),
          date: '2026-11-01T10:00:00Z',
        })),
        more: true,
      },
    },
    {
      intent: 'check_deployment_status',
      data: {
        live: ['backend', 'frontend', 'search', 'mail'].flatMap((service, s) =>
          ['staging', 'production'].map((environment, e) => {
            const at = { tag: `v2.${20 + s}.0`, sha: sha(s * 2 + e), since: '2026-11-02T10:00:00Z', url: null }
            return { service, environment, ...at }
          }),
        ),
      },
    },
  ],
}
const launch: Input = {
  type: 'launch',
  agent: 'deploy',
  message: 'what is new in the backend since production?',
  actor,
}
const says = (message: string): Input => ({ type: 'message', message, actor })
const selects = (step: Step): Input => ({ type: 'step_selected', step, seen: Number.MAX_SAFE_INTEGER, call })
const pending = (state: ThreadState): number =>
  state.status === 'running' && state.pending?.do === 'read' ? state.pending.seq : 0
const commits = (count: number) =>
  Array.from({ length: count }, (_, n) => ({
    sha: sha(n),
    message: `Speed up the query number ${n} of the product page\n\nIt read all of the stock.`,
    author: 'Maya Lindqvist',
    author_login: 'maya',
    date: '2026-11-01T10:00:00Z',
  }))
const compares: Made[] = [
  selects({ intent: 'compare_commits', base: 'v2.20.0', head: 'v2.30.0' }),
  (state) => ({
    type: 'tool_returned',
    to: pending(state),
    result: {
      intent: 'compare_commits',
      data: {
        base: 'v2.20.0',
        head: 'v2.30.0',
        ahead_by: 47,
        behind_by: 0,
        commits: commits(47),
        url: 'https://gh.test/c',
      },
    },
  }),
]
const asks = (question: string): Input => selects({ intent: 'request_more_information', question })
const fails: Input = {
  type: 'model_failed',
  code: 'model_unreadable',
  message: 'the reply must be one JSON object',
  call,
}

/** Threads of kinds that the corpus has none of. */
export const made: { name: string; events: Event[] }[] = [
  { name: 'compared', events: thread([launch, facts, ...compares, asks('Shall I deploy them?')]) },
  {
    name: 'much_talk',
    events: thread([
      launch,
      facts,
      ...Array.from({ length: 12 }, (_, n) => [
        asks(`Which one of ${n}?`),
        says(`not ${n}, another one`),
        facts,
      ]).flat(),
      ...compares,
      asks('This one?'),
    ]),
  },
  {
    name: 'stumbling',
    events: thread([launch, facts, fails, fails, asks('Which?'), says('v2.30.0'), facts, fails, asks('Where?')]),
  },
]
