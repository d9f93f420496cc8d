import { html } from 'ghtml'
import type { HeldLock } from '../../../thread/lane.ts'
import type { Viewer } from '../../viewer.ts'
import { hidden, token } from '../parts.ts'
import { line, moment } from '../words.ts'

/** What keeps everybody from deploying here, each with the form that lifts it. */
export const lockList = (locks: HeldLock[], viewer: Viewer): string =>
  locks.length === 0 ? '' : html`<ul class="rows">!${locks.map((lock) => held(lock, viewer))}</ul>`

const held = ({ thread_id, service, environment, reason, by, since, until }: HeldLock, viewer: Viewer): string => {
  const what = service === null ? `All of ${environment}` : `${service} on ${environment}`
  const end = until === null ? 'until a person unlocks it' : html`until !${moment(until)}`
  return html`<li><span class="why"><strong class="warn">${line(what, 120)} is locked</strong> by ${by ?? 'a rollback'} since !${moment(since)}, !${end}:
${line(reason, 500)} <a href="/threads/${thread_id}">the thread</a></span>
!${viewer.scopes.includes('approve') ? unlockForm(thread_id, viewer) : ''}</li>`
}

const unlockForm = (
  thread: string,
  viewer: Viewer,
): string => html`<form method="post" action="/environments/unlocks" class="actions">
!${token(viewer)}!${hidden({ thread })}<label>Why it may be unlocked<input type="text" id="unlock-${thread}" name="reason" maxlength="500" required></label><button>Unlock</button></form>`

/** To lock one service here, or all of them. */
export const lockForm = (environment: string, services: string[], viewer: Viewer): string => {
  if (!viewer.scopes.some((scope) => scope === 'approve' || scope === 'operate')) return ''
  return html`<details id="lock-${environment}"><summary>Lock ${line(environment, 60)}</summary>
<form method="post" action="/environments/locks">!${token(viewer)}!${hidden({ environment })}
<label>What<select name="service"><option value="">every service</option>!${services.map((name) => html`<option value="${name}">${name}</option>`)}</select></label>
<label>Why<input type="text" name="reason" maxlength="500" required></label>
<label>For how long (30m, 8h, 3d; 90d at most)<input type="text" name="expires_in" value="8h" pattern="[1-9][0-9]{0,4}(s|m|h|d)" required></label>
<p class="actions"><button>Lock</button></p></form></details>`
}
