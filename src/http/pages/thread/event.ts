import { html } from 'ghtml'
import type { Event } from '../../../thread/event.ts'
import type { Viewer } from '../../viewer.ts'
import { page } from '../page.ts'
import { moment, words } from '../words.ts'

const LONGEST = 1_000_000

/** One event, whole. */
export const eventPage = (event: Event, viewer: Viewer): string =>
  page({
    title: `Event ${event.seq}`,
    viewer,
    content: html`<p class="crumbs"><a href="/threads/${event.thread_id}#event-${event.seq}">The thread</a></p>
<h1>Event ${event.seq}: <code>${event.type}</code></h1><p>!${moment(event.at)}</p><pre tabindex="0">${words(JSON.stringify(event, null, 2), LONGEST)}</pre>`,
  })
