import type { Event, Json } from './event.ts'
import { mayPass } from './outage.ts'
import type { Policy } from './policy.ts'
import { shown } from './shown.ts'
import { toYaml } from './yaml.ts'

/** The unchanging part of what the model sees: which services and environments there are, and the rules. */
const renderSetup = ({ repository, services, environments }: Policy): string =>
  toYaml({
    repository,
    services: Object.keys(services),
    environments: Object.entries(environments).map(([name, { approvals, after }]) => ({ name, approvals, after })),
  })

/**
 * All that has happened so far, as the model sees it: one tag an event, its facts as YAML.
 * The prefix stays the same, byte for byte, while a thread grows.
 */
export const renderThread = (events: readonly Event[]): string =>
  events
    // What code waits out by itself is no news to the model: an outage would fill its window.
    .filter((event, i) => !mayPass(event) && !(event.type === 'slept' && mayPass(events[i - 1] ?? event)))
    .map((event) => ({ type: event.type, data: shown(event) }))
    .filter((part): part is { type: Event['type']; data: Json } => part.data !== null)
    .map(({ type, data }) => `<${type}>\n${toYaml(data)}\n</${type}>`)
    .join('\n\n')

export const renderPrompt = (events: readonly Event[], policy: Policy): { setup: string; thread: string } => ({
  setup: renderSetup(policy),
  thread: renderThread(events),
})
