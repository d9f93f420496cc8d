import { html } from 'ghtml'
import type { Actor, Event } from '../../../thread/event.ts'
import { shown } from '../../../thread/shown.ts'
import type { ThreadState } from '../../../thread/state.ts'
import { ENDED } from '../../../thread/state.ts'
import { storyOf } from '../../../thread/story.ts'
import { waitingFor } from '../../../thread/view.ts'
import { toYaml } from '../../../thread/yaml.ts'
import type { Problem } from '../../errors.ts'
import type { Viewer } from '../../viewer.ts'
import { page } from '../page.ts'
import { inWords, line, moment, words } from '../words.ts'
import { alwaysForms, waitingCard } from './answer.ts'

interface ThreadPage {
  state: ThreadState
  events: readonly Event[]
  viewer: Viewer
  /** Why what was just tried did not work. */
  problem?: Problem
}

/** One thread: what it waits for, first of all; then all that happened, each event open to its data. */
export const threadPage = ({ state, events, viewer, problem }: ThreadPage): string => {
  const { id, title, status, version } = state
  const waiting = waitingFor(state)
  const { end } = storyOf(state, events)
  const ended = ENDED.includes(status) && status !== 'done'
  return page({
    title: line(title, 80),
    viewer,
    content: html`<h1>${line(title)}</h1>
!${problem ? html`<div class="card problem" role="alert"><p>${problem.message}</p><p class="quiet"><code>${problem.code}</code></p></div>` : ''}
<div id="now" data-live="/threads/${id}/events?after=${version}" aria-live="polite">
<p><span class="status ${status}">${inWords(status)}</span> <span class="quiet">thread <code>${id}</code></span></p>
!${end && end.message !== '' ? html`<div class="card"><pre>${words(end.message)}</pre></div>` : ''}
!${waiting ? waitingCard(id, waiting, viewer) : ''}
</div>
!${alwaysForms(id, viewer, ended)}
<h2>What happened</h2>
<ol class="story" id="story" data-live="">!${events.map(entry)}</ol>`,
  })
}

const entry = (event: Event): string => {
  const data = shown(event)
  return html`<li><p><strong>${inWords(event.type)}</strong> <span class="quiet">${who(event.actor)} · !${moment(event.at)}</span></p>
!${data === null ? '' : html`<details id="event-${event.seq}"><summary class="quiet">event ${event.seq}</summary><pre>${words(toYaml(data, ''), 20_000)}</pre></details>`}</li>`
}

const who = (actor: Actor): string => {
  if (actor.kind === 'person' || actor.kind === 'caller') return actor.via ? `${actor.id} via ${actor.via}` : actor.id
  return actor.kind === 'model' ? `model ${actor.model}` : actor.kind
}
