import { html } from 'ghtml'
import type { Event } from '../../../thread/event.ts'
import { isFresh } from '../../../thread/fresh.ts'
import { partOf } from '../../../thread/part.ts'
import type { Policy } from '../../../thread/policy.ts'
import type { ThreadState } from '../../../thread/state.ts'
import { ENDED, openQuestion, runOf } from '../../../thread/state.ts'
import { storyOf } from '../../../thread/story.ts'
import { tagInWords } from '../../../thread/text.ts'
import { waitingFor } from '../../../thread/view.ts'
import { namedFor } from '../../../thread/waiting.ts'
import type { Problem } from '../../errors.ts'
import { signedInAt } from '../../sign-in/sessions.ts'
import type { Viewer } from '../../viewer.ts'
import { page } from '../page.ts'
import { alert } from '../parts.ts'
import { inWords, line, link, moment, words } from '../words.ts'
import { moreActions, sayForm } from './actions.ts'
import { waitingCard } from './answer.ts'
import type { Draft } from './answer-forms.ts'
import { modelCalls } from './calls.ts'
import { clock } from './clock.ts'
import { conversation } from './conversation.ts'
import { doing } from './doing.ts'
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
  /** What they wrote for the question that is still asked. */
  draft?: Draft | null
}

/** One thread: what it waits for, first of all; then what was said, where the time went, and all that happened. */
export const threadPage = (shown: ThreadPage): string => {
  const { state, events, viewer, now, problem, all = false } = shown
  const { id, title, version } = state
  const over = ENDED.includes(state.status) && state.status !== 'done'
  const { forkAt = null } = shown
  const offered = {
    id,
    viewer,
    version,
    forkAt,
    forkWords: forkAt === null ? '' : wordsAfter(events, forkAt),
    kept: shown.kept ?? leftOver(shown),
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
!${alert(problem)}!${signingIn(shown)}
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

/** What was written for a question that is not asked any more. */
const leftOver = ({ draft, state }: ThreadPage): string =>
  draft && openQuestion(state) !== draft.to ? draft.comment : ''

/** Signed in again, the yes is still theirs to give; words that were too long to come along wait where they are. */
const signingIn = ({ state, viewer, draft, problem, now }: ThreadPage): string => {
  if (problem?.code === 'fresh_sign_in_needed' && viewer.session)
    return html`<p><a href="/login?to=/threads/${state.id}" target="_blank" rel="noreferrer">Sign in again in another tab</a>, then approve here: your words stay.</p>`
  if (problem || !draft || !viewer.session || state.status !== 'awaiting_approval') return ''
  const { seq, fresh_sign_in_seconds: seconds = 0 } = state.request
  if (seq !== draft.to || !isFresh(now, signedInAt(viewer.session), seconds)) return ''
  return html`<p class="card" role="status">You have signed in again. Nothing is approved yet: one more press of Approve does it.</p>`
}

const nowPart = ({ state, events, viewer, policy, now, draft = null }: ThreadPage): string => {
  const { id, status } = state
  const waiting = waitingFor(state)
  const { end, results } = storyOf(state, events)
  const does = doing(state, now)
  const part = partOf(viewer.person, state, { policy, named: namedFor(events) })
  return html`<div id="now" data-part data-says="Now: ${does ?? inWords(status)}"><p><span class="status ${status}">${inWords(status)}</span>!${does === null ? '' : html` <span class="quiet">It ${does}. Begun !${moment(state.updated_at)}.</span>`}</p>
!${end && end.message !== '' ? html`<div class="card"><pre class="words" dir="auto">${words(end.message)}</pre></div>` : ''}
!${waiting ? waitingCard({ id, waiting, viewer, part, policy, draft, tags: tagsIn(events), jobs: runOf(state)?.report?.jobs ?? [] }) : ''}
!${results.length === 0 ? '' : html`<ul class="rows" aria-label="Runs that ended">!${results.map(result)}</ul>`}</div>`
}

const wordsAfter = (events: readonly Event[], seq: number): string => {
  const next = events[seq]
  return next?.type === 'message' ? next.data.message : ''
}

const tagsIn = (events: readonly Event[]): string[] => {
  const found = events.findLast(({ type }) => type === 'list_git_tags_result')
  return found?.type === 'list_git_tags_result' ? found.data.tags.map(({ name }) => name) : []
}

type Result = ReturnType<typeof storyOf>['results'][number]

const result = ({ status, service, environment, tag, sha, html_url }: Result): string =>
  html`<li><span class="status ${status === 'success' ? 'good' : 'bad'}">${status}</span><span class="why">${line(service, 60)} ${line(tagInWords(tag), 60)} (<code>${sha.slice(0, 7)}</code>) on ${line(environment, 60)}</span>!${link(html_url, 'the run')}</li>`
