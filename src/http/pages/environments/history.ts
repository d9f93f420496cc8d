import { html } from 'ghtml'
import type { Deployment } from '../../../thread/deployments.ts'
import { tagInWords } from '../../../thread/text.ts'
import type { Viewer } from '../../viewer.ts'
import { hidden, token } from '../parts.ts'
import { line, moment } from '../words.ts'
import type { PlaceFacts } from './place.ts'

const SHOWN = 10

type Named = Pick<Deployment, 'tag' | 'sha'>

/** What was deployed here before, each with the way back to it: a thread, which asks for approval as any other does. */
export const historyOf = (facts: PlaceFacts, viewer: Viewer): string => {
  const { service, environment, history } = facts
  const shown = history.slice(0, SHOWN)
  if (shown.length === 0) return ''
  const may = viewer.scopes.includes('ask')
  const rows = shown.map((one) => entry(one, may ? wayTo(one, facts) : ''))
  return html`<details id="history-${environment}-${service}"><summary>${shown.length === 1 ? 'One deployment' : `The latest ${shown.length} deployments`}</summary>
<form method="post" action="/environments/rollbacks">!${token(viewer)}!${hidden({ service, environment })}<ul class="rows">!${rows}!${firstOf(shown, may, facts)}</ul></form></details>`
}

/** What failed or was taken back can be tried again; to what went well one goes back. */
const wayTo = (one: Deployment, { live, history }: PlaceFacts): string => {
  if (one.sha === live?.sha) return ''
  const later = history.slice(0, history.indexOf(one))
  const takenBack = later.some(
    ({ kind, status, replaced_sha }) => kind === 'rollback' && status === 'success' && replaced_sha === one.sha,
  )
  return one.status === 'success' && !takenBack ? back(one) : again(one)
}

const nameOf = ({ tag, sha }: Named): string => (tag === '' ? sha : tag)
const back = (one: Named): string =>
  html`<button name="to" value="${nameOf(one)}">Roll back to ${line(tagInWords(nameOf(one)), 80)}</button>`
const again = (one: Named): string =>
  html`<button name="to" value="${nameOf(one)}" formaction="/environments/deployments">Deploy ${line(tagInWords(nameOf(one)), 80)} again</button>`

/** What was there before the oldest that is shown, whoever had deployed it. */
const firstOf = (shown: Deployment[], may: boolean, { live }: PlaceFacts): string => {
  const { replaced_sha: sha = null, replaced_tag: tag = null } = shown.at(-1) ?? {}
  if (sha === null || sha === live?.sha || shown.some((one) => one.sha === sha)) return ''
  return html`<li><span class="why">!${version({ tag, sha })} <span class="quiet">was live before</span></span>!${may ? back({ tag: tag ?? '', sha }) : ''}</li>`
}

const STATUS: Record<Deployment['status'], [className: string, words: string]> = {
  success: ['good', 'went live'],
  failure: ['bad', 'failed'],
  cancelled: ['quiet', 'was cancelled'],
}

const entry = (one: Deployment, way: string): string => {
  const { thread_id, kind, status, at } = one
  const [className, words] = STATUS[status]
  return html`<li><span class="why">!${version(one)} <span class="${className}">${words}</span>${kind === 'rollback' ? ', a rollback' : ''} !${moment(at)}
<br><span class="quiet">!${byWhom(one)} · <a href="/threads/${thread_id}">the thread</a></span></span>!${way}</li>`
}

export const byWhom = ({ asked_by, approved_by }: Deployment): string => {
  const yes = approved_by.length > 0 ? `, approved by ${line(approved_by.join(', '), 200)}` : ', no approval was needed'
  return html`asked by ${line(asked_by, 60)}${yes}`
}

/** A tag with its commit, or the commit alone. */
export const version = ({ tag, sha }: { tag: string | null; sha: string }): string =>
  tag === null || tag === '' || tag === sha
    ? html`<code>${sha.slice(0, 7)}</code>`
    : html`${line(tagInWords(tag), 80)} <code>${sha.slice(0, 7)}</code>`
