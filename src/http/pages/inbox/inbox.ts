import { html } from 'ghtml'
import type { ThreadSummary } from '../../../agent/ports.ts'
import { type Part, partOf } from '../../../thread/part.ts'
import type { Policy } from '../../../thread/policy.ts'
import type { Waiting } from '../../../thread/waiting.ts'
import type { Viewer } from '../../viewer.ts'
import { page } from '../page.ts'
import { inWords, line, moment } from '../words.ts'
import { card } from './card.ts'
import { byUrgency, whatItAsks } from './question.ts'

interface Inbox {
  waiting: Waiting[]
  busy: ThreadSummary[]
  viewer: Viewer
  policy: Policy
  publicUrl: string
  now: string
}

const MOST_CARDS = 12
const MOST_ROWS = 20

/** What waits for the viewer, most urgent first; then what waits for others, what is under way, and a box to ask in. */
export const inbox = ({ waiting, busy, viewer, policy, publicUrl, now }: Inbox): string => {
  const all = waiting
    .map((one): [Waiting, Part] => [one, partOf(viewer.person, one.state, { policy, named: one.named })])
    .sort(([a], [b]) => byUrgency(a, b))
  const yours = all.filter(([, part]) => part.asked_of)
  const others = all.filter(([, part]) => !part.asked_of)
  const nothing = all.length === 0 && busy.length === 0
  return page({
    title: 'Inbox',
    viewer,
    here: '/',
    live: 'all',
    content: html`<h1>Inbox</h1>
<section id="yours" data-part data-says="${countOf(yours.length)}"><h2>${countOf(yours.length)}</h2>
!${yours.length === 0 ? html`<p class="quiet">When somebody needs your yes or your words, it stands here.</p>` : html`!${KEYS}<ol class="cards">!${yours.slice(0, MOST_CARDS).map(([one, part]) => card({ waiting: one, part, viewer, policy, now }))}</ol>`}
!${rows(yours.slice(MOST_CARDS), now)}</section>
!${viewer.scopes.includes('ask') ? ask(viewer) : ''}
<div id="rest" data-part>!${nothing ? first(publicUrl) : ''}
!${others.length === 0 ? '' : html`<h2>Waits for others</h2>!${rows(others, now)}`}
!${busy.length === 0 ? '' : html`<h2>Under way</h2><ul class="rows">!${busy.map(under)}</ul>`}</div>
<p><a href="/threads">All threads</a></p>`,
  })
}

const countOf = (count: number): string => {
  if (count === 0) return 'Nothing waits for you'
  return count === 1 ? '1 waits for you' : `${count} wait for you`
}

const KEYS = html`<p class="keys quiet" hidden><label><input type="checkbox" id="keys" checked> Keys</label>: <kbd>j</kbd> next, <kbd>k</kbd> previous, <kbd>Enter</kbd> open, <kbd>a</kbd> then <kbd>Enter</kbd> approve, <kbd>r</kbd>, words, <kbd>Ctrl</kbd>+<kbd>Enter</kbd> reject</p>`

const ask = ({ form }: Viewer): string => html`<form method="post" action="/asks" class="card">
<input type="hidden" name="form" value="${form ?? ''}"><label for="ask">What should be deployed, and where?</label><textarea id="ask" name="message" maxlength="20000" rows="2" required
placeholder="deploy backend v1.2.3 to production"></textarea><p class="actions"><button class="yes">Ask</button></p></form>`

const first = (
  publicUrl: string,
): string => html`<h2>Begin here</h2><p>Nothing is under way. The box above begins a thread, and so does this:</p>
<pre tabindex="0" id="first-curl">curl -X POST ${publicUrl}/threads -H 'content-type: application/json' ${'\\'}
  -d '{"message":"deploy backend v1.2.3 to production"}'</pre><p class="actions"><button type="button" hidden data-copy="#first-curl">Copy</button></p>`

const rows = (some: [Waiting, Part][], now: string): string => {
  if (some.length === 0) return ''
  const left = some.length - MOST_ROWS
  return html`<ul class="rows">!${some.slice(0, MOST_ROWS).map(([one, part]) => row(one, part, now))}</ul>!${left > 0 ? html`<p><a href="/threads?status=awaiting_approval">and ${left} more</a></p>` : ''}`
}

const row = ({ state, since }: Waiting, { why_not }: Part, now: string): string => {
  const { headline, of } = whatItAsks(state, since, now)
  return html`<li><a href="/threads/${state.id}" dir="auto">${line(headline, 120)}</a><span class="quiet">${line(of, 160)}!${why_not === null ? '' : html`: ${line(why_not, 160)}`}</span> !${moment(since)}</li>`
}

const under = ({ id, title, status, service, environment, updated_at }: ThreadSummary): string =>
  html`<li><span class="status ${status}">${inWords(status)}</span><a href="/threads/${id}" dir="auto">${line(title)}</a>!${placeOf(service, environment)}!${moment(updated_at)}</li>`

const placeOf = (service: string | null, environment: string | null): string =>
  environment === null ? '' : html`<span class="quiet">${line(service ?? 'all', 60)} on ${line(environment, 60)}</span>`
