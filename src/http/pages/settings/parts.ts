import { html } from 'ghtml'
import type { Part, Pulse } from '../../../agent/ports.ts'
import type { Checked } from '../../checks.ts'
import type { Viewer } from '../../viewer.ts'
import { token } from '../parts.ts'
import { moment, words } from '../words.ts'

export interface PartState extends Pick<Part, 'name' | 'what'> {
  canCheck: boolean
  pulse: Pulse | null
  checked: Checked | null
}

/** What is connected, and whether it works. */
export const partsSection = (
  parts: PartState[],
  viewer: Viewer,
): string => html`<section class="card" aria-labelledby="parts">
<h2 id="parts">Connected</h2><ul class="rows" id="parts-now" data-part>!${parts.map(part)}</ul>
!${viewer.scopes.includes('operate') ? CHECK(viewer) : ''}
<p class="quiet">What was seen is what this process saw since its start; others beside it keep their own count.</p></section>`

const CHECK = (viewer: Viewer): string => html`<form method="post" action="/settings/checks">!${token(viewer)}
<p class="actions"><button>Check all of them now</button><span class="quiet">asks each once, the model too; at most 8 s</span></p></form>`

const part = ({
  name,
  what,
  canCheck,
  pulse,
  checked,
}: PartState): string => html`<li><span class="why"><strong>${name}</strong> ${words(what, 300)}
<br>!${checkedInWords(checked, canCheck)}<br><span class="quiet">!${pulseInWords(pulse)}</span></span></li>`

const checkedInWords = (checked: Checked | null, canCheck: boolean): string => {
  if (!canCheck) return html`<span class="quiet">There is no way to ask whether it works.</span>`
  if (checked === null) return html`<span class="quiet">Not checked yet.</span>`
  const { ok, said, at, ms } = checked
  return ok
    ? html`<span class="good">Works:</span> ${words(said, 300)} <span class="quiet">(${ms} ms, !${moment(at)})</span>`
    : html`<span class="bad">Does not work:</span> ${words(said, 500)} <span class="quiet">(!${moment(at)})</span>`
}

const pulseInWords = (pulse: Pulse | null): string => {
  if (pulse === null) return 'Not used yet.'
  const { worked, worked_at, failed, failed_at, why } = pulse
  const well = worked_at === null ? 'Never worked' : html`Worked ${times(worked)}, last !${moment(worked_at)}`
  const ill =
    failed_at === null
      ? 'never failed'
      : html`failed ${times(failed)}, last !${moment(failed_at)} (${words(why ?? '', 200)})`
  return html`!${well}; !${ill}.`
}

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`)
