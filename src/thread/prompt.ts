import type { Event, Json } from './event.ts'
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
 * All that has happened so far, as the model sees it: one tag an event, its facts as YAML. The prefix stays the same, byte for byte,
 * while a thread grows: `before` is what the events before these were rendered as.
 */
export const renderThread = (events: readonly Event[], before = ''): string => {
  const parts = events
    .map((event) => ({ type: event.type, data: shown(event) }))
    .filter((part): part is { type: Event['type']; data: Json } => part.data !== null)
    .map(({ type, data }) => `<${type}>\n${toYaml(data)}\n</${type}>`)
  return before === '' ? parts.join('\n\n') : [before, ...parts].join('\n\n')
}

export const renderPrompt = (events: readonly Event[], policy: Policy, before = '') => ({
  setup: renderSetup(policy),
  thread: renderThread(events, before),
})
