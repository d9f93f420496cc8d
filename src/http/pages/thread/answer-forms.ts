import { html } from 'ghtml'
import type { Part } from '../../../thread/part.ts'
import { durationInWords } from '../../../thread/time.ts'
import type { WaitingFor } from '../../../thread/view.ts'
import type { Viewer } from '../../viewer.ts'
import { line } from '../words.ts'

type Human = Extract<WaitingFor, { kind: 'human_input' }>

/** What somebody wrote for the question at `to` when it was not taken. `args`: they were editing what is proposed. */
export interface Draft {
  to: number
  comment: string
  args?: Record<string, string>
}

/** What the server lets them do it decides itself; who may only look sees no buttons. `back`: the page to see afterwards. */
export const answerForm = (
  id: string,
  { scopes, form }: Viewer,
  seq: number,
  fields: string,
  back: '/' | null = null,
): string =>
  scopes.includes('ask') && fields !== ''
    ? html`<form method="post" action="/threads/${id}/answers" class="answer"><input type="hidden" name="form" value="${form ?? ''}">
<input type="hidden" name="to" value="${seq}">!${back === null ? '' : html`<input type="hidden" name="back" value="${back}">`}!${fields}</form>`
    : ''

/** Yes and no, with words; empty: neither is theirs to say. `key` tells apart the forms of one page. */
export const approveFields = (
  key: number | string,
  { approve, reject, withdraw }: Part,
  { overrides, fresh, words = '' }: { overrides: boolean; fresh: number | undefined; words?: string },
): string => {
  if (!approve && !reject && !withdraw) return ''
  return html`!${field(`words-${key}`, overrides ? OVERRIDE : 'Words (a rejection is heard with them)', words)}!${approve && fresh !== undefined ? signInNote(fresh) : ''}<p class="actions stick">
!${approve ? html`<button class="yes" name="answer" value="approve">Approve</button>` : ''}!${withdraw ? html`<button name="answer" value="withdraw">Take my approval back</button>` : ''}!${reject ? html`<button class="no" name="answer" value="reject">Reject</button>` : ''}</p>`
}

const signInNote = (seconds: number): string =>
  html`<p class="quiet">Approving wants a sign-in of the last ${durationInWords(seconds)}. With an older one GitHub asks who you are first; your words come along.</p>`

const OVERRIDE = 'Why it is to be overridden, or why not'

/** By buttons where it offers some, and always in words. */
export const questionFields = (
  { options, seq }: Pick<Human, 'options' | 'seq'>,
  key: number | string = seq,
  words = '',
): string => {
  const free = field(`words-${key}`, 'In words', words)
  if (options.format === 'yes_no') {
    return html`!${free}<p class="actions stick"><button class="yes" name="answer" value="yes">Yes</button><button class="no" name="answer" value="no">No</button><button name="answer" value="words">Say it in words</button></p>`
  }
  return html`!${options.choices.length > 0 ? choices(options.choices) : ''}!${free}<p class="actions stick"><button name="answer" value="words">Answer in words</button></p>`
}

export const choices = (all: string[]): string =>
  html`<p class="actions">!${all.map((choice) => html`<button name="choice" value="${choice}">${line(choice)}</button>`)}</p>`

const field = (id: string, label: string, words: string): string =>
  html`<label for="${id}">${label}</label><textarea id="${id}" name="comment" maxlength="20000" rows="1">${words}</textarea>`
