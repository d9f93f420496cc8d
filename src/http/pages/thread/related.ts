import { html } from 'ghtml'
import type { Event } from '../../../thread/event.ts'
import { PROMPT, promptOf } from '../../../thread/prompt.ts'
import type { ThreadState } from '../../../thread/state.ts'
import { line, moment, words } from '../words.ts'
import { who } from './who.ts'

/** Where this thread comes from, and which threads come from it. */
export const about = (state: ThreadState, events: readonly Event[]): string => {
  const { parent, forked_from, agent, launched_by, created_at } = state
  const told = promptOf(events)
  const children = events.flatMap((event) => (event.type === 'child_launched' ? [event.data] : []))
  return html`<section><h2>About</h2><ul class="rows">
<li><span class="why">Launched by <strong>${who(launched_by)}</strong> for the ${line(agent, 40)} agent</span> !${moment(created_at)}</li>
!${parent ? html`<li><a href="/threads/${parent.thread_id}#event-${parent.seq}">The thread that launched it</a></li>` : ''}
!${forked_from === null ? '' : html`<li><a href="/threads/${forked_from}">The thread that it is a fork of</a></li>`}
!${told === null ? '' : html`<li><details id="told"><summary>Rules of its own, beside the team's</summary><pre class="words" tabindex="0" dir="auto">${words(told, PROMPT)}</pre></details></li>`}
!${children.map(({ child_id, agent }) => html`<li><a href="/threads/${child_id}">The ${line(agent, 40)} agent's thread</a></li>`)}
<li><span class="why">Thread <code>${state.id}</code></span></li></ul></section>`
}
