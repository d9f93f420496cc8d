import { html } from 'ghtml'
import type { Running } from '../../../agent/ports.ts'
import type { Deployment } from '../../../thread/deployments.ts'
import type { LiveDeployment } from '../../../thread/event.ts'
import { tagInWords } from '../../../thread/text.ts'
import type { Commits } from '../../environments.ts'
import type { Viewer } from '../../viewer.ts'
import { hidden, token } from '../parts.ts'
import { line, link, moment } from '../words.ts'
import { byWhom, historyOf, version } from './history.ts'

export interface PlaceFacts {
  service: string
  environment: string
  ref: string
  /** Null: nothing is live; undefined: nobody knows. */
  live: LiveDeployment | null | undefined
  /** Who deploys here right now. */
  running: Running | null
  waiting: Commits['waiting'] | null
  history: Deployment[]
  /** What is live of this service where it must be before; null: the same, nothing, or there is no such place. */
  before: LiveDeployment | null
}

/** One service in one environment. */
export const placeCard = (facts: PlaceFacts, viewer: Viewer): string => html`<article class="place">
<h3>${line(facts.service, 60)}</h3>
!${liveNow(facts)}
!${facts.running ? underWay(facts.running) : ''}
!${undeployed(facts)}
!${viewer.scopes.includes('ask') ? offers(facts, viewer) : ''}
!${historyOf(facts, viewer)}
</article>`

const liveNow = ({ live, history }: PlaceFacts): string => {
  if (live === undefined) return html`<p class="warn">What is live is not known.</p>`
  if (live === null) return html`<p class="quiet">Nothing is live.</p>`
  const { sha, since, url } = live
  return html`<p><strong>!${version(live)}</strong> is live since !${moment(since)}<br>!${howItCame(ownOf(history, sha), url)}</p>`
}

const underWay = ({ thread_id, title, since }: Running): string =>
  html`<p class="run wait"><strong>Being deployed</strong> since !${moment(since)}: <a href="/threads/${thread_id}" dir="auto">${line(title, 120)}</a></p>`

/** What changed, for who hears it: `backend v1.2.3, being deployed`. */
export const placeInWords = ({ service, live, running }: PlaceFacts): string => {
  const version = live ? tagInWords(live.tag ?? live.sha.slice(0, 7)) : live === null ? 'nothing live' : 'not known'
  return `${service} ${version}${running ? ', being deployed' : ''}`
}

const ownOf = (history: Deployment[], sha: string): Deployment | undefined =>
  history.find((one) => one.status === 'success' && one.sha === sha)

const howItCame = (own: Deployment | undefined, url: string | null): string => {
  if (!own)
    return html`<span class="quiet">Not by Deploybot, as far as its log says. !${link(url, url ? 'GitHub' : '')}</span>`
  return html`<span class="quiet">!${byWhom(own)} · <a href="/threads/${own.thread_id}">the thread</a> · !${link(own.html_url, 'the run')}</span>`
}

const undeployed = ({ waiting, ref }: PlaceFacts): string => {
  if (waiting === null) return ''
  const { commits, url } = waiting
  const words = `${commits} ${commits === 1 ? 'commit' : 'commits'} of ${line(ref, 80)}`
  return html`<p>!${link(url, words)} ${commits === 1 ? 'is' : 'are'} not here.</p>`
}

/** Each opens a thread, which asks for approval as any other does. */
const offers = ({ service, environment, ref, waiting, before }: PlaceFacts, viewer: Viewer): string => {
  const buttons = [
    ...(before
      ? [
          button(
            before.tag ?? before.sha,
            `Deploy ${line(tagInWords(before.tag ?? before.sha), 80)} from ${before.environment}`,
          ),
        ]
      : []),
    ...(waiting ? [button(waiting.head, `Deploy the newest of ${line(ref, 80)}`)] : []),
  ]
  if (buttons.length === 0) return ''
  return html`<form method="post" action="/environments/deployments">!${token(viewer)}!${hidden({ service, environment })}
<p class="actions">!${buttons}</p></form>`
}

const button = (version: string, words: string): string => html`<button name="to" value="${version}">${words}</button>`
