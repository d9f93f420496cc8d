import { html } from 'ghtml'
import type { Scope, Tokens } from '../../../agent/ports.ts'
import type { Viewer } from '../../viewer.ts'
import { hidden, token } from '../parts.ts'
import { line, moment } from '../words.ts'

type Listed = Awaited<ReturnType<Tokens['list']>>[number]

const MEANS: Record<Scope, string> = {
  read: 'look at everything',
  ask: 'launch threads and speak in them',
  approve: 'decide, as the person that it is bound to',
  operate: 'stop threads, lock, and what is on this page',
}

/** Tokens for programs. `secret`: of the one that was just made, shown this once. */
export const tokensSection = (
  tokens: Listed[],
  now: string,
  secret: string | null,
  viewer: Viewer,
): string => html`<section class="card" aria-labelledby="tokens">
<h2 id="tokens">Tokens</h2>
!${secret === null ? '' : html`<div class="card asks" role="status"><p>The new token, shown this once:</p><pre><code>${secret}</code></pre></div>`}
<div id="tokens-now" data-part>!${tokens.length === 0 ? html`<p class="quiet">There are none.</p>` : html`<ul class="rows">!${tokens.map((one) => entry(one, now, viewer))}</ul>`}</div>
!${newToken(viewer)}</section>`

const entry = ({ id, name, scopes, person, expires_at, revoked_at }: Listed, now: string, viewer: Viewer): string => {
  const over = revoked_at !== null || Date.parse(expires_at) <= Date.parse(now)
  const until = revoked_at === null ? html`${over ? 'expired' : 'until'} !${moment(iso(expires_at))}` : 'revoked'
  return html`<li><span class="why"><strong>${line(name, 80)}</strong> ${scopes.join(', ')}${person === null ? '' : ` as ${person}`}
<span class="quiet">!${until}</span></span>
!${over ? '' : html`<form method="post" action="/settings/tokens/revocations">!${token(viewer)}!${hidden({ id })}<button class="no" aria-label="Revoke ${line(name, 80)}">Revoke</button></form>`}</li>`
}

/** The database's own form, as its driver gives it. */
const iso = (at: string): string => new Date(at).toISOString()

const newToken = (viewer: Viewer): string => html`<details id="new-token"><summary>Make a token</summary>
<form method="post" action="/settings/tokens">!${token(viewer)}
<label>Name<input type="text" name="name" maxlength="80" required></label>
<fieldset><legend>It may</legend>!${viewer.scopes.map(
  (scope) =>
    html`<label class="choice"><input type="checkbox" name="${scope}" value="yes"> ${scope}: ${MEANS[scope]}</label>`,
)}</fieldset>
!${viewer.person === null ? '' : html`<label class="choice"><input type="checkbox" name="bound" value="yes"> It acts as ${viewer.person} (needed to approve)</label>`}
<label>Days<input type="text" name="days" value="90" inputmode="numeric" pattern="[0-9]{1,3}" required></label>
<p class="actions"><button>Make it</button></p></form></details>`
