import { html } from 'ghtml'
import type { Event } from '../../../thread/event.ts'
import { partOf } from '../../../thread/part.ts'
import type { Policy } from '../../../thread/policy.ts'
import type { ThreadState } from '../../../thread/state.ts'
import { ENDED, runOf } from '../../../thread/state.ts'
import { storyOf } from '../../../thread/story.ts'
import { tagInWords } from '../../../thread/text.ts'
import { waitingFor } from '../../../thread/view.ts'
import { namedFor } from '../../../thread/waiting.ts'
import type { Problem } from '../../errors.ts'
import type { Viewer } from '../../viewer.ts'
import { page } from '../page.ts'
import { inWords, line, link, words } from '../words.ts'
import { moreActions, sayForm } from './actions.ts'
import { waitingCard } from './answer.ts'
import { modelCalls } from './calls.ts'
import { clock } from './clock.ts'
import { conversation } from './conversation.ts'

import { path } from './path.ts'
import { toldAndAnswered } from './people.ts'
import { about } from './related.ts'
import { timeline } from './timeline.ts'

export interface ThreadPage {
  state: ThreadState
  events: readonly Event[]
  viewer: Viewer
  policy: Policy
  publicUrl: string
  /** The database's time. */
  now: string
  /** All events, however many. */
  all?: boolean
  forkAt?: number | null
  /** Why what was just tried did not work, and the words that came with it. */
  problem?: Problem
  kept?: string
}

/** One thread: what it waits for, first of all; then what was said, where the time went, and all that happened. */
export const threadPage = (shown: ThreadPage): string => {
  const { state, events, viewer, now, problem, all = false } = shown
  const { id, title, version } = state
  const over = ENDED.includes(state.status) && state.status !== 'done'
  const offered = {
    id,
    viewer,
    version,
    forkAt: shown.forkAt ?? null,
    kept: shown.kept ?? '',
    publicUrl: shown.publicUrl,
  }
  return page({
    title: line(title, 80),
    viewer,
    here: '/threads',
    wide: true,
    live: { thread: id, version },
    ...(problem ? { address: `/threads/${id}` } : {}),
    content: html`<p class="crumbs"><a href="/threads">Threads</a></p><h1 dir="auto">${line(title)}</h1>
!${problem ? html`<div class="card problem" role="alert"><p>${problem.message}</p><p class="quiet"><code>${problem.code}</code></p></div>` : ''}
<div class="columns"><div>!${nowPart(shown)}
<section id="talk" data-part><h2>What was said</h2>!${conversation(events, all)}</section>
!${over ? '' : sayForm(offered)}
<section id="story" data-part><h2>All that happened</h2>!${timeline({ id, events, now, all })}</section></div>
<aside aria-label="More about this thread"><div id="aside" data-part>!${clock(events, now)}
<section><h2>The path it took</h2>!${path(events)}</section>
!${toldAndAnswered(events)}!${modelCalls(id, events)}!${about(state, events)}</div>
!${moreActions({ ...offered, over })}</aside></div>`,
  })
}

const nowPart = ({ state, events, viewer, policy }: ThreadPage): string => {
  const { id, status } = state
  const waiting = waitingFor(state)
  const { end, results } = storyOf(state, events)
  const part = partOf(viewer.person, state, { policy, named: namedFor(events) })
  return html`<div id="now" data-part data-says="Now: ${inWords(status)}"><p><span class="status ${status}">${inWords(status)}</span></p>
!${end && end.message !== '' ? html`<div class="card"><pre class="words" dir="auto">${words(end.message)}</pre></div>` : ''}
!${waiting ? waitingCard({ id, waiting, viewer, part, jobs: runOf(state)?.report?.jobs ?? [] }) : ''}
!${results.length === 0 ? '' : html`<ul class="rows" aria-label="Runs that ended">!${results.map(result)}</ul>`}</div>`
}

type Result = ReturnType<typeof storyOf>['results'][number]

const result = ({ status, service, environment, tag, sha, html_url }: Result): string =>
  html`<li><span class="status ${status === 'success' ? 'good' : 'bad'}">${status}</span><span class="why">${line(service, 60)} ${line(tagInWords(tag), 60)} (<code>${sha.slice(0, 7)}</code>) on ${line(environment, 60)}</span>!${link(html_url, 'the run')}</li>`
