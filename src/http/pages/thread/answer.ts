import { html } from 'ghtml'
import type { ThreadView, WaitingFor } from '../../../thread/view.ts'
import type { Viewer } from '../../viewer.ts'
import { inWords, line, link, moment, words } from '../words.ts'
import { approvalFacts, facts } from './approval.ts'

type Human = Extract<WaitingFor, { kind: 'human_input' }>
type Waiting = NonNullable<ThreadView['waiting_for']>

/** What the thread waits for and, where that is a person, the forms to answer with. */
export const waitingCard = (id: string, waiting: Waiting, viewer: Viewer): string => {
  switch (waiting.kind) {
    case 'approval':
      return html`<section class="card asks" aria-labelledby="asks"><h2 id="asks">It waits for a yes</h2>
!${approvalFacts(waiting)}!${form(id, viewer, waiting.seq, APPROVE)}</section>`
    case 'human_input':
      return html`<section class="card asks" aria-labelledby="asks"><h2 id="asks">It asks</h2>
<pre>${words(waiting.question)}</pre>!${waiting.context === '' ? '' : html`<pre>${words(waiting.context)}</pre>`}
!${form(id, viewer, waiting.seq, fieldsOf(waiting))}</section>!${offer(id, waiting, viewer)}`
    case 'run':
      return html`<section class="card"><h2>It runs</h2><p>!${link(waiting.html_url, 'The workflow run')} is ${inWords(waiting.status)}.</p></section>`
    case 'timer':
      return html`<section class="card"><h2>It sleeps</h2><p>until !${moment(waiting.until)}: ${words(waiting.reason, 400)}</p></section>`
    case 'thread':
      return html`<section class="card"><h2>It waits for another thread</h2>
<p>${waiting.agent}: !${waiting.thread_id === null ? 'not there yet' : html`<a href="/threads/${waiting.thread_id}">open it</a>`}</p></section>!${offer(id, waiting, viewer)}`
    case 'turn':
      return html`<section class="card"><h2>It waits its turn</h2>!${facts([
        ['Place', html`${waiting.service} on ${waiting.environment}`],
        ['Held by', html`<a href="/threads/${waiting.held_by.thread_id}">${line(waiting.held_by.title)}</a>`],
      ])}</section>`
  }
}

const offer = (id: string, { offer }: Waiting, viewer: Viewer): string =>
  offer
    ? html`<section class="card"><h2>It offers</h2><pre>${words(offer.question)}</pre>!${form(id, viewer, offer.seq, choices(offer.choices))}</section>`
    : ''

const APPROVE = html`<label>Words (needed to override; a rejection is heard with them)<textarea name="comment" maxlength="20000"></textarea></label>
<p class="actions"><button class="yes" name="answer" value="approve">Approve</button><button class="no" name="answer" value="reject">Reject</button></p>`

const fieldsOf = ({ options }: Human): string => {
  if (options.format === 'yes_no') {
    return html`!${FREE}<p class="actions"><button class="yes" name="answer" value="yes">Yes</button><button class="no" name="answer" value="no">No</button><button name="answer" value="words">Say it in words</button></p>`
  }
  return html`!${options.choices.length > 0 ? choices(options.choices) : ''}!${FREE}<p class="actions"><button name="answer" value="words">Answer in words</button></p>`
}

const FREE = html`<label>In words<textarea name="comment" maxlength="20000"></textarea></label>`

const choices = (all: string[]): string =>
  html`<p class="actions">!${all.map((choice) => html`<button name="choice" value="${choice}">${line(choice)}</button>`)}</p>`

/** What the server lets them do it decides itself; who may only look sees no buttons. */
const form = (id: string, { scopes, form: token }: Viewer, seq: number, fields: string): string =>
  scopes.includes('ask')
    ? html`<form method="post" action="/threads/${id}/answers"><input type="hidden" name="form" value="${token ?? ''}">
<input type="hidden" name="to" value="${seq}">!${fields}</form>`
    : ''

/** To add words at any time, and to stop it. */
export const alwaysForms = (id: string, { scopes, form: token }: Viewer, ended: boolean): string => {
  if (!scopes.includes('ask') || ended) return ''
  const hidden = html`<input type="hidden" name="form" value="${token ?? ''}">`
  return html`<section class="card"><h2>Say something</h2>
<form method="post" action="/threads/${id}/words">!${hidden}<label>It hears you at any time<textarea name="message" maxlength="20000" required></textarea></label>
<p class="actions"><button>Send</button></p></form>
!${scopes.includes('operate') ? html`<form method="post" action="/threads/${id}/stop">!${hidden}<p class="actions"><button class="no">Stop this thread</button></p></form>` : ''}</section>`
}
