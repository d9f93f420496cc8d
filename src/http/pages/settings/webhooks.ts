import { html } from 'ghtml'
import type { HeardWebhook } from '../../heard-webhooks.ts'
import { table } from '../parts.ts'
import { line, moment } from '../words.ts'

/** What came in lately, and what became of it. */
export const webhooksSection = (
  heard: readonly HeardWebhook[],
): string => html`<section class="card" aria-labelledby="webhooks">
<h2 id="webhooks">Webhooks that came in</h2>
<div id="webhooks-now" data-part>!${heard.length === 0 ? html`<p class="quiet">None since this process began.</p>` : table(`The last ${heard.length} that came to this process`, HEAD, heard.map(row))}</div></section>`

const HEAD = ['When', 'From', 'What', 'Verdict']

const row = ({
  at,
  source,
  event,
  status,
  verdict,
  times,
}: HeardWebhook): string => html`<tr><td>!${moment(at)}</td><td>${line(source, 60)}</td>
<td>${line(event, 60)}</td><td class="${status < 400 ? '' : 'bad'}">${line(verdict, 240)}${status < 400 ? '' : ` (${status})`}${times > 1 ? `, ${times} times` : ''}</td></tr>`
