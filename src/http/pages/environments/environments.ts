import { html } from 'ghtml'
import { laneOf, type Place } from '../../../thread/lane.ts'
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

// GitHub may say of a deployment only later that it is live, and what it said is good for 5 s: the first of these looks asks it again, and
// the second shows that.
const LATER_MS = [6_000, 7_500]

/** What is live where, what keeps others away, and the ways forward and back. */
export const environmentsPage = (options: Options): string => {
  const { facts, policy, viewer, problem } = options
  const at = factsIn(facts, policy)
  return page({
    title: 'Environments',
    viewer,
    here: '/environments',
    address: '/environments',
    live: 'all',
    later: LATER_MS,
    content: html`<h1>Environments</h1>
!${alert(problem)}
<div id="unknown" data-part>!${notKnown('What is live', facts.live)}!${notKnown('What waits to be deployed', facts.waiting)}</div>
!${Object.entries(policy.environments).map(([name, rules]) => section(name, rules, options, at))}`,
  })
}

const section = (
  name: string,
  rules: EnvironmentPolicy,
  { facts, policy, viewer }: Options,
  at: ReturnType<typeof factsIn>,
): string => {
  const services = Object.keys(policy.services)
  const frozen = frozenInWords(facts.now, rules.freeze ?? [])
  const locks = facts.locks.filter(({ environment }) => environment === name)
  const id = `environment-${name}`
  const places = services.map((service) => at({ service, environment: name }, rules.after))
  const says = [...places.map(placeInWords), ...locks.map(({ service }) => `${service ?? 'all'} locked`)].join(', ')
  return html`<section class="card" aria-labelledby="${id}"><h2 id="${id}">${line(name, 60)}</h2>
<p class="quiet">${rulesInWords(rules)}</p>
<div id="now-${name}" data-part data-says="${line(`${name}: ${says}`, 500)}">!${frozen ? html`<p class="warn">${line(frozen, 300)}</p>` : ''}
!${(rules.freeze ?? []).map((freeze) => html`<p class="quiet">Nothing is deployed ${line(freezeInWords(freeze), 300)}</p>`)}
!${lockList(locks, viewer)}
<div class="places">!${places.map((place) => placeCard(place, viewer))}</div></div>
!${lockForm(name, services, viewer)}</section>`
}

/** Each fact under its place: to look through all of them for each of 250 places took half of the time of the page. */
const byPlace = <T extends Place>(all: readonly T[]): ((place: Place) => T[]) => {
  const found = new Map<string, T[]>()
  for (const one of all) {
    const here = found.get(laneOf(one))
    if (here) here.push(one)
    else found.set(laneOf(one), [one])
  }
  return (place) => found.get(laneOf(place)) ?? []
}

const factsIn = ({ live, running, waiting, history }: Environments, policy: Policy) => {
  const isKnown = live.value !== null
  const [lives, runs, commits, deployments] = [
    byPlace(live.value ?? []),
    byPlace(running),
    byPlace(waiting.value ?? []),
    byPlace(history),
  ]
  return (place: Place, after: string | null): PlaceFacts => {
    const [here] = lives(place)
    const [earlier] = after === null ? [] : lives({ ...place, environment: after })
    const ours = deployments(place)
    // Asked once a minute: what was deployed since is no longer among them.
    const isCounted = (waiting.at ?? '') >= (ours[0]?.at ?? '')
    return {
      ...place,
      ref: policy.services[place.service]?.ref ?? 'main',
      live: isKnown ? (here ?? null) : undefined,
      running: runs(place)[0] ?? null,
      waiting: isCounted ? (commits(place)[0]?.waiting ?? null) : null,
      history: ours,
      before: earlier && earlier.sha !== here?.sha ? earlier : null,
    }
  }
}

/** That what is shown is old, or not there, and why. */
const notKnown = (what: string, { at, problem }: Lately<unknown>): string => {
  if (problem === null) return ''
  const since = at === null ? 'is not known' : html`is shown as it was at !${moment(at)}`
  return html`<p class="card problem" role="status">${what} !${since}: GitHub does not say (${line(problem, 300)}).</p>`
}
