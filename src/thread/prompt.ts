import { modelAgentOf } from './agents.ts'
import { redactorOf } from './context/redact.ts'
import { type Window, windowOf } from './context/window.ts'
import type { Event } from './event.ts'
import type { Policy } from './policy.ts'
import { clean } from './text.ts'
import { toYaml } from './yaml.ts'

const setups = new WeakMap<Policy, string>()

/** The unchanging part of what the model sees: which services and environments there are, and the rules. Rendered once. */
const setupOf = (policy: Policy): string => {
  const known = setups.get(policy)
  if (known !== undefined) return known
  const setup = renderSetup(policy)
  setups.set(policy, setup)
  return setup
}

const RULES = 12
const RULE = 200
/** The longest that a copy's model may be told. */
export const PROMPT = 2_000

const renderSetup = ({ repository, services, environments, rules = [] }: Policy): string =>
  toYaml({
    repository,
    ...elsewhere(services),
    services: Object.keys(services),
    environments: Object.entries(environments).map(([name, { approvals, after }]) => ({ name, approvals, after })),
    ...(rules.length === 0 ? {} : { rules: rules.slice(0, RULES).map((rule) => clean(rule, RULE)) }),
  })

/** Only where there are any: most teams have one repository. */
const elsewhere = (services: Policy['services']) => {
  const others = Object.entries(services).flatMap(([name, { repository }]) => (repository ? [[name, repository]] : []))
  return others.length === 0 ? {} : { other_repositories: Object.fromEntries(others) }
}

/** All that has happened so far, as the model reads it: one tag an event, its facts as YAML. `before`: what stood there already. */
export const renderThread = (events: readonly Event[], before?: Window, policy?: Policy): string =>
  windowOf(events, before, policy && redactorOf(policy)).text

/** The same, for the next time too. */
export const windowOn = (events: readonly Event[], policy: Policy, before?: Window): Window =>
  windowOf(events, before, redactorOf(policy))

const agentOf = ([first]: readonly Event[]): string | undefined =>
  first?.type === 'thread_launched' ? first.data.agent : undefined

/** What whoever made this copy has its model told, in the place of what a copy before it was told; null: nothing. */
export const promptOf = (events: readonly Event[]): string | null =>
  events.reduce<string | null>((told, { type, data }) => (type === 'forked' ? (data.prompt ?? told) : told), null)

// Data like the rules of the team, which the prompt says to follow as far as they contradict none of its own and allow nothing.
const withPrompt = (setup: string, prompt: string | null): string =>
  prompt === null ? setup : `${setup}\n${toYaml({ rules_of_this_thread: clean(prompt, PROMPT) })}`

/** Everything that a model is asked with. */
export const renderPrompt = (events: readonly Event[], policy: Policy, window = windowOn(events, policy)) => {
  const { text: thread, ends } = window
  return { agent: modelAgentOf(agentOf(events)), setup: withPrompt(setupOf(policy), promptOf(events)), thread, ends }
}
