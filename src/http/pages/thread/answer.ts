import { html } from 'ghtml'
import type { JobReport } from '../../../thread/event.ts'
import type { Part } from '../../../thread/part.ts'
import type { Policy } from '../../../thread/policy.ts'
import type { ThreadView, WaitingFor } from '../../../thread/view.ts'
import type { Viewer } from '../../viewer.ts'
import { inWords, line, link, moment, words } from '../words.ts'
import { answerForm, approveFields, choices, type Draft, questionFields } from './answer-forms.ts'
import { approvalFacts, facts } from './approval.ts'
import { editForm } from './edit-form.ts'
import { jobList } from './jobs.ts'

type Waiting = NonNullable<ThreadView['waiting_for']>

export interface Card {
  id: string
  waiting: Waiting
  viewer: Viewer
  /** What the viewer can do about it. */
  part: Part
  /** Of the run that it waits for. */
  jobs: JobReport[]
  policy: Policy
  /** Tags that are known, the newest first. */
  tags: readonly string[]
  /** What the viewer wrote for it and was not taken. */
  draft: Draft | null
}

/** What the thread waits for and, where that is a person, the forms to answer with. */
export const waitingCard = (card: Card): string => {
  const { waiting } = card
  switch (waiting.kind) {
    case 'approval':
      return approvalCard(card, waiting)
    case 'human_input':
      return html`<section class="card asks" aria-labelledby="asks"><h2 id="asks">It asks</h2>
<pre class="words" dir="auto">${words(waiting.question)}</pre>!${waiting.context === '' ? '' : html`<pre class="words quiet" dir="auto">${words(waiting.context)}</pre>`}
!${answerForm(card.id, card.viewer, waiting.seq, questionFields(waiting, waiting.seq, wordsFor(card, waiting.seq)))}</section>!${offer(card)}`
    case 'run':
      return html`<section class="card"><h2>It runs</h2><p>!${link(waiting.html_url, 'The workflow run')} is ${inWords(waiting.status)}.</p>!${jobList(card.jobs)}</section>`
    case 'timer':
      return html`<section class="card"><h2>It sleeps</h2><p>until !${moment(waiting.until)}: ${words(waiting.reason, 400)}</p></section>`
    case 'thread':
      return html`<section class="card"><h2>It waits for another thread</h2>
<p>!${waiting.thread_id === null ? html`The ${waiting.agent} agent is not there yet.` : html`<a href="/threads/${waiting.thread_id}">The ${waiting.agent} agent's thread</a>`}</p></section>!${offer(card)}`
    case 'turn':
      return html`<section class="card"><h2>It waits its turn</h2>!${facts([
        ['Place', html`${waiting.service} on ${waiting.environment}`],
        ['Held by', html`<a href="/threads/${waiting.held_by.thread_id}">${line(waiting.held_by.title)}</a>`],
      ])}</section>`
  }
}

const approvalCard = (card: Card, asked: Extract<WaitingFor, { kind: 'approval' }>): string => {
  const { id, viewer, part, policy, tags, draft } = card
  const { seq, args, blocked = [], fresh_sign_in_seconds: fresh } = asked
  const fields = approveFields(seq, part, { overrides: blocked.length > 0, fresh, words: wordsFor(card, seq) })
  return html`<section class="card asks" aria-labelledby="asks"><h2 id="asks">It waits for a yes</h2>
!${approvalFacts(asked)}!${part.why_not === null ? '' : html`<p class="quiet">You cannot approve this: ${part.why_not}.</p>`}
!${answerForm(id, viewer, seq, fields)}!${part.edit ? editForm({ id, seq, args, policy, viewer, tags, draft }) : ''}</section>`
}

const wordsFor = ({ draft }: Card, seq: number): string =>
  draft?.to === seq && draft.args === undefined ? draft.comment : ''

const offer = ({ id, waiting: { offer }, viewer }: Card): string =>
  offer
    ? html`<section class="card asks"><h2>It offers</h2><pre class="words" dir="auto">${words(offer.question)}</pre>!${answerForm(id, viewer, offer.seq, choices(offer.choices))}</section>`
    : ''
