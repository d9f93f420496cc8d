import { html } from 'ghtml'
import type { Event } from '../../../thread/event.ts'
import { type Span, spansOf } from '../../../thread/spans.ts'
import { clean } from '../../../thread/text.ts'
import { duration, moment } from '../words.ts'
import { sentence } from './conversation.ts'
import { tell } from './tell.ts'
import { whereSaid, who } from './who.ts'

interface Timeline {
  id: string
  events: readonly Event[]
  now: string
  /** All of them, however many. */
  all: boolean
}

// What fits into the first page of some 50 kB.
const MOST = 40
const DATA = 500
const LONG_WAIT_MS = 1_000

/** All that happened, each event open to its JSON, with the waits between them. */
export const timeline = ({ id, events, now, all }: Timeline): string => {
  const shown = all ? events : events.slice(-MOST)
  const waits = new Map(
    spansOf(events, now)
      .filter(({ spent, ms }) => spent !== 'work' && ms >= LONG_WAIT_MS)
      .map((span) => [span.from, span]),
  )
  const left = events.length - shown.length
  return html`!${left > 0 ? html`<p><a href="?all=1#story">All ${events.length} events</a></p>` : ''}<ol class="story">!${shown.map((event) => entry(id, event, waits.get(event.seq)))}</ol>`
}

const entry = (id: string, event: Event, wait: Span | undefined): string => {
  const { seq, at, actor, type } = event
  const told = tell(event)
  return html`<li class="${told.mood ?? ''}" id="event-${seq}"><p><strong>${who(actor)}</strong> !${sentence(told)} <span class="quiet">${whereSaid(actor)} !${moment(at)}</span></p>
<details id="data-${seq}"><summary class="quiet">#${seq} <code>${type}</code></summary>!${json(id, event)}<p><a href="?fork=${seq}#fork">Fork from here</a></p></details>
!${wait ? html`<p class="wait ${wait.spent}">${WAITED[wait.spent]} ${duration(wait.ms)}</p>` : ''}</li>`
}

const WAITED = { work: '', people: 'people took', run: 'the run took', pause: 'it rested' } as const

const json = (id: string, { thread_id: _, seq, ...event }: Event): string => {
  const text = JSON.stringify(event, null, 1)
  const whole = html` <a href="/threads/${id}/events/${seq}">the whole event</a>`
  return html`<pre tabindex="0">${clean(text.toWellFormed(), DATA)}</pre>!${text.length > DATA ? html`<p>Only its beginning:!${whole}</p>` : ''}`
}
