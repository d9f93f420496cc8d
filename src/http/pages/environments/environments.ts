import { html } from 'ghtml'
import type { LiveDeployment } from '../../../thread/event.ts'
import type { EnvironmentPolicy, Policy } from '../../../thread/policy.ts'
import type { Environments } from '../../environments.ts'
import type { Problem } from '../../errors.ts'
import type { Lately } from '../../lately.ts'
import type { Viewer } from '../../viewer.ts'
import { freezeInWords, frozenInWords } from '../freezes.ts'
import { page } from '../page.ts'
import { alert } from '../parts.ts'
import { rulesInWords } from '../rules.ts'
import { line, moment } from '../words.ts'
import { lockForm, lockList } from './locks.ts'
import { type PlaceFacts, placeCard, placeInWords } from './place.ts'

interface Options {
  facts: Environments
  policy: Policy
  viewer: Viewer
  problem?: Problem
}

// So long what GitHub said is good: what a deployment changed shows with this look, not with that at its end.
const LATER_MS = 6_000

/** What is live where, what keeps others away, and the ways forward and back. */
export const environmentsPage = (options: Options): string => {
  const { facts, policy, viewer, problem } = options
  return page({
    title: 'Environments',
    viewer,
    here: '/environments',
    address: '/environments',
    live: 'all',
    later: { ms: LATER_MS },
    content: html`<h1>Environments</h1>
!${alert(problem)}
<div id="unknown" data-part>!${notKnown('What is live', facts.live)}!${notKnown('What waits to be deployed', facts.waiting)}</div>
!${Object.entries(policy.environments).map(([name, rules]) => section(name, rules, options))}`,
  })
}

const section = (name: string, rules: EnvironmentPolicy, { facts, policy, viewer }: Options): string => {
  const services = Object.keys(policy.services)
  const frozen = frozenInWords(facts.now, rules.freeze ?? [])
  const locks = facts.locks.filter(({ environment }) => environment === name)
  const id = `environment-${name}`
  const places = services.map((service) => factsOf(service, name, rules.after, facts, policy))
  const says = [...places.map(placeInWords), ...locks.map(({ service }) => `${service ?? 'all'} locked`)].join(', ')
  return html`<section class="card" aria-labelledby="${id}"><h2 id="${id}">${line(name, 60)}</h2>
<p class="quiet">${rulesInWords(rules)}</p>
<div id="now-${name}" data-part data-says="${line(`${name}: ${says}`, 500)}">!${frozen ? html`<p class="warn">${line(frozen, 300)}</p>` : ''}
!${(rules.freeze ?? []).map((freeze) => html`<p class="quiet">Nothing is deployed ${line(freezeInWords(freeze), 300)}</p>`)}
!${lockList(locks, viewer)}
<div class="places">!${places.map((place) => placeCard(place, viewer))}</div></div>
!${lockForm(name, services, viewer)}</section>`
}

const factsOf = (
  service: string,
  environment: string,
  after: string | null,
  facts: Environments,
  policy: Policy,
): PlaceFacts => {
  const isHere = (one: { service: string; environment: string }): boolean =>
    one.service === service && one.environment === environment
  const live = liveIn(facts.live.value, service, environment)
  const earlier = after === null ? null : (liveIn(facts.live.value, service, after) ?? null)
  return {
    service,
    environment,
    ref: policy.services[service]?.ref ?? 'main',
    live,
    running: facts.running.find(isHere) ?? null,
    waiting: facts.waiting.value?.find(isHere)?.waiting ?? null,
    history: facts.history.filter(isHere),
    before: earlier && earlier.sha !== live?.sha ? earlier : null,
  }
}

const liveIn = (all: LiveDeployment[] | null, service: string, environment: string) =>
  all === null ? undefined : (all.find((one) => one.service === service && one.environment === environment) ?? null)

/** That what is shown is old, or not there, and why. */
const notKnown = (what: string, { at, problem }: Lately<unknown>): string => {
  if (problem === null) return ''
  const since = at === null ? 'is not known' : html`is shown as it was at !${moment(at)}`
  return html`<p class="card problem" role="status">${what} !${since}: GitHub does not say (${line(problem, 300)}).</p>`
}
