import { type Branches, type Live, type Model, type Part, type Pulse, ToolError, type Tools } from './agent/ports.ts'
import type { Config } from './config.ts'
import { createStrings } from './sandbox/strings.ts'
import type { Store } from './store/store.ts'
import type { Event } from './thread/event.ts'
import type { Policy } from './thread/policy.ts'
import { renderPrompt } from './thread/prompt.ts'
import type { Target } from './thread/target.ts'

interface Around {
  store: Pick<Store, 'description' | 'schema'>
  github: {
    description: string
    live: Live['live']
    tools: { branches: Branches } & Pick<Tools, 'prepare'>
    sandboxUrl: string | null
  }
  llm: { description: string; asks: { model: Pick<Model, 'next'> }; sandboxUrl: string | null }
  people: { checked: readonly Part[]; sandboxUrl: string | null }
  pulses: () => Record<string, Pulse>
}

/** What the control room looks at, beside the threads. */
export const connectRoom = ({ auth, policy }: Pick<Config, 'auth' | 'policy'>, around: Around) => {
  const { github, llm, people, pulses } = around
  const stands = { github: github.sandboxUrl, model: llm.sandboxUrl, slack: people.sandboxUrl }
  return {
    live: github.live,
    branches: github.tools.branches,
    unknownTag: (target: Target) => github.tools.prepare(target).then(() => null, unknownTag),
    parts: partsOf(around, policy),
    pulses,
    // Whoever reaches them from elsewhere should not pull them.
    strings: auth === 'local' ? createStrings(stands) : null,
  }
}

/** Whatever else goes wrong is for whoever prepares the step to tell. */
const unknownTag = (error: unknown): string | null => {
  if (!(error instanceof ToolError) || error.code !== 'unknown_tag') return null
  return error.nearest.length === 0 ? error.message : `${error.message}; the nearest are ${error.nearest.join(', ')}`
}

/** Every part that there is, with how to ask it whether it works. */
const partsOf = ({ store, llm, github, people }: Around, policy: Policy): Part[] => [
  {
    name: 'Database',
    what: store.description,
    pulse: 'database',
    check: async () => `the schema is ${await store.schema()}`,
  },
  { name: 'Model', what: llm.description, pulse: 'model', check: () => askModel(llm.asks.model, policy) },
  {
    name: 'GitHub',
    what: github.description,
    pulse: 'github',
    check: async () => `it tells of ${(await github.live()).length} live deployments`,
  },
  ...people.checked,
]

const CODE = { kind: 'code' } as const
const AT = new Date(0).toISOString()
const THREAD = '00000000-0000-7000-8000-000000000000'

/** A thread that is nowhere in the log: one question, whose answer runs nothing. */
const EVENTS: Event[] = [
  {
    thread_id: THREAD,
    seq: 1,
    at: AT,
    type: 'thread_launched',
    data: { agent: 'deploy', title: 'check' },
    actor: CODE,
  },
  {
    thread_id: THREAD,
    seq: 2,
    at: AT,
    type: 'message',
    data: { message: 'Thanks, there is nothing to do.' },
    actor: CODE,
  },
]

const askModel = async (model: Pick<Model, 'next'>, policy: Policy): Promise<string> => {
  const answer = await model.next(renderPrompt(EVENTS, policy))
  if (!answer.ok) throw new Error(`${answer.code}: ${answer.message}`)
  return `it chose ${answer.step.intent}, in ${answer.call.ms} ms`
}
