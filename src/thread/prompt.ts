import { modelAgentOf } from './agents.ts'
import type { Event, Json } from './event.ts'
import { mayPass } from './outage.ts'
import type { Policy } from './policy.ts'
import { shown } from './shown.ts'
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

const renderSetup = ({ repository, services, environments }: Policy): string =>
  toYaml({
    repository,
    ...elsewhere(services),
    services: Object.keys(services),
    environments: Object.entries(environments).map(([name, { approvals, after }]) => ({ name, approvals, after })),
  })

/** Only where there are any: most teams have one repository. */
const elsewhere = (services: Policy['services']) => {
  const others = Object.entries(services).flatMap(([name, { repository }]) => (repository ? [[name, repository]] : []))
  return others.length === 0 ? {} : { other_repositories: Object.fromEntries(others) }
}

/** What the first `count` events of a thread were rendered as. */
export interface Rendered {
  count: number
  text: string
}

const NOTHING: Rendered = { count: 0, text: '' }

/**
 * All that has happened so far, as the model sees it: one tag an event, its facts as YAML. The prefix stays the same, byte for byte,
 * while a thread grows: what `rendered` holds is not rendered again.
 */
export const renderThread = (events: readonly Event[], { count, text }: Rendered = NOTHING): string => {
  const parts = events
    .slice(count)
    // What code waits out by itself is no news to the model: an outage would fill its window.
    .filter((event, i) => !mayPass(event) && !wakesFromOutage(event, events[count + i - 1]))
    .map((event) => ({ type: event.type, data: shown(event) }))
    .filter((part): part is { type: Event['type']; data: Json } => part.data !== null)
    .map(({ type, data }) => `<${type}>\n${toYaml(data)}\n</${type}>`)
  return text === '' ? parts.join('\n\n') : [text, ...parts].join('\n\n')
}

const wakesFromOutage = ({ type }: Event, previous: Event | undefined): boolean =>
  type === 'slept' && previous !== undefined && mayPass(previous)

const agentOf = ([first]: readonly Event[]): string | undefined =>
  first?.type === 'thread_launched' ? first.data.agent : undefined

/** Everything that a model is asked with. */
export const renderPrompt = (events: readonly Event[], policy: Policy, rendered?: Rendered) => ({
  agent: modelAgentOf(agentOf(events)),
  setup: setupOf(policy),
  thread: renderThread(events, rendered),
})
