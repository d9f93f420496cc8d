import { html } from 'ghtml'
import type { Part } from '../../../thread/part.ts'
import type { Policy } from '../../../thread/policy.ts'
import type { ApprovalRequest, Question } from '../../../thread/state.ts'
import type { Waiting } from '../../../thread/waiting.ts'
import type { Viewer } from '../../viewer.ts'
import { answerForm, approveFields, questionFields } from '../thread/answer-forms.ts'
import { editForm } from '../thread/edit-form.ts'
import { line, moment, words } from '../words.ts'
import { whatItAsks } from './question.ts'

interface Card {
  waiting: Waiting
  part: Part
  viewer: Viewer
  policy: Policy
  now: string
}

const COMMITS = 5

/** A question with what one must know to answer it, and the buttons to do so in place. */
export const card = (shown: Card): string => {
  const { waiting, viewer, now } = shown
  const { state, since } = waiting
  const { headline, of } = whatItAsks(state, since, now)
  return html`<li class="card asks" id="card-${state.id}" data-card><h3><a href="/threads/${state.id}" dir="auto">${line(headline, 140)}</a></h3>
<p class="quiet">${line(of, 200)}!${state.status === 'awaiting_approval' ? html`, expires !${moment(state.request.expires_at)}!${so(state.approvals.length, state.request.quorum)}` : ''}</p>
!${state.status === 'awaiting_approval' ? approval(state.id, state.request, shown) : ''}!${state.status === 'awaiting_human' ? question(state.id, state.question, viewer) : ''}</li>`
}

const LOUD: Partial<Record<ApprovalRequest['direction'], string>> = {
  backward: 'BACKWARD: a rollback',
  diverged: 'DIVERGED: what is live has commits that this has not',
  unknown: 'What would ship is not known',
}

const so = (given: number, quorum: number): string => (quorum > 1 ? `, ${given} of ${quorum} have approved` : '')

const approval = (id: string, request: ApprovalRequest, { part, viewer, policy }: Card): string => {
  const { commits, commits_total, blocked = [], changed = [], direction } = request
  const { intent: _, ...args } = request.step
  const editing = { id, seq: request.seq, args: args as Record<string, string>, policy, viewer, back: '/' as const }
  const loud = [LOUD[direction] ?? [], blocked.map(({ message }) => `Would override: ${message}`), changed].flat()
  return html`!${loud.length === 0 ? '' : html`<ul>!${loud.map((text) => html`<li class="warn">${words(text, 300)}</li>`)}</ul>`}
<details id="ships-${id}"><summary>${commits_total === 1 ? '1 commit ships' : `${commits_total} commits ship`}</summary>!${commits.length === 0 ? '' : html`<ul>!${commits.slice(0, COMMITS).map(({ sha, message, author }) => html`<li><code>${sha.slice(0, 7)}</code> <span dir="auto">${line(message, 120)}</span> <span class="quiet">${line(author, 60)}</span></li>`)}</ul>`}<p><a href="/threads/${id}">All facts</a></p></details>
!${answerForm(id, viewer, request.seq, approveFields(id, part, { overrides: blocked.length > 0, fresh: request.fresh_sign_in_seconds }), '/')}!${part.edit ? editForm(editing) : ''}`
}

const question = (
  id: string,
  asked: Question,
  viewer: Viewer,
): string => html`<pre class="words" dir="auto">${words(asked.question, 1_000)}</pre>
!${answerForm(id, viewer, asked.seq, questionFields(asked, id), '/')}`
