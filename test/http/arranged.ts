import { v7 } from 'uuid'
import { decide, place } from '../../src/thread/decide.ts'
import type { Event } from '../../src/thread/event.ts'
import { fold } from '../../src/thread/evolve.ts'
import { indexRow } from '../../src/thread/index-row.ts'
import type { Input } from '../../src/thread/input.ts'
import type { EnvironmentPolicy } from '../../src/thread/policy.ts'
import { openQuestion } from '../../src/thread/state.ts'
import { after } from '../../src/thread/time.ts'
import type { startApp } from '../support/app.ts'
import {
  approves,
  asked,
  looked,
  noRunSeen,
  prepared,
  proposed,
  rules,
  selected,
  story,
  THREAD,
  toVault,
  unclear,
} from '../thread/spec.ts'

type Store = Pick<Awaited<ReturnType<typeof startApp>>['store'], 'log'>

// The clock of a story stands still in the past: what it asks must not have expired by now.
const patient = Object.entries(rules.policy.environments).map(([name, one]) => [
  name,
  { ...one, expires_after_seconds: 1e9 },
])
const lasting = { ...rules, policy: { ...rules.policy, environments: Object.fromEntries(patient) } }
const lastingWith = (more: Partial<EnvironmentPolicy>) => {
  const environments = patient.map(([name, one]) => [name, { ...(one as object), ...more }])
  return { ...rules, policy: { ...rules.policy, environments: Object.fromEntries(environments) } }
}

/** Puts a thread into the store that these inputs led to, under rules with `more` everywhere; its id and the place of its newest question. */
export const arranged = ({ log }: Store, inputs: Parameters<typeof story>[0], more?: Partial<EnvironmentPolicy>) =>
  kept(log, story(inputs, more ? lastingWith(more) : lasting).events)

/** A thread that asks what became of its dispatch. */
export const lost = async ({ log }: Store) => {
  const { events, state, now } = story([...approving, approves(), prepared(), unclear])
  const at = after(now, 600)
  return kept(log, [...events, ...place(decide({ ...noRunSeen(state), at }, state, rules), THREAD, events.length, at)])
}

const kept = async (log: Store['log'], events: Event[]) => {
  const state = fold(events)
  if (!state) throw new Error('no thread')
  const id = v7()
  const own = events.map((event) => ({ ...event, thread_id: id }))
  await log.append({ thread_id: id, expected_version: 0, events: own, index: { ...indexRow(state), id }, hold: 'keep' })
  return { id, seq: openQuestion(state) ?? 0 }
}

const question = (choices: string[]): Input =>
  selected({
    intent: 'request_human_input',
    question: 'Which tag?',
    context: '',
    options: { urgency: 'low', format: choices.length > 0 ? 'multiple_choice' : 'free_text', choices },
  })

export const asking = (choices: string[] = []) => [asked(), looked, question(choices)]
export const approving = [asked(), looked, proposed, prepared()]
/** Needs two approvals. */
export const approvingTwice = [asked(), looked, toVault, prepared({ environment: 'vault' })]
