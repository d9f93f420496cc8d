import { html } from 'ghtml'
import type { Policy } from '../../../thread/policy.ts'
import type { Viewer } from '../../viewer.ts'
import { hidden, token } from '../parts.ts'
import { inWords } from '../words.ts'
import type { Draft } from './answer-forms.ts'

interface Proposed {
  id: string
  /** Of the question, with the arguments of the step that it is about. */
  seq: number
  args: Record<string, string>
  policy: Policy
  viewer: Viewer
  /** Tags that are known, the newest first. */
  tags?: readonly string[]
  /** What they wrote and was not taken. */
  draft?: Draft | null
  /** The page to see afterwards. */
  back?: '/'
}

const TAGS = 20

/** To correct what is proposed, each argument of it as it stands. It is no yes, and says so. */
export const editForm = (proposed: Proposed): string => {
  const { id, seq, args, viewer, draft, back, tags = [] } = proposed
  const open = draft?.args !== undefined
  const names = Object.keys(args)
  if (names.length === 0 || !viewer.scopes.includes('ask')) return ''
  return html`<details id="edit-${id}-${seq}"!${open ? ' open' : ''}><summary>Change what is proposed</summary>
<p class="quiet">It is looked up and asked about anew, with the facts of what you write. Nothing runs by this.</p>
<form method="post" action="/threads/${id}/edits" class="edit">!${token(viewer)}!${hidden({ to: String(seq), ...(back ? { back } : {}) })}
<div class="fields">!${names.map((name) => field(name, proposed))}</div>
<label for="why-${id}-${seq}">Why (everybody sees it)</label><textarea id="why-${id}-${seq}" name="comment" maxlength="20000" rows="1">${open ? draft.comment : ''}</textarea>
!${tags.length === 0 ? '' : html`<datalist id="tags-${id}">!${tags.slice(0, TAGS).map((tag) => html`<option value="${tag}"></option>`)}</datalist>`}
<p class="actions"><button>Ask about this instead</button></p></form></details>`
}

const field = (name: string, { id, seq, args, policy, draft, tags = [] }: Proposed): string => {
  const value = draft?.args?.[name] ?? args[name] ?? ''
  const key = `edit-${id}-${seq}-${name}`
  const label = html`<label for="${key}">${inWords(name)}</label>`
  const known = knownFor(name, policy)
  if (known.length === 0) {
    const list = name === 'tag' && tags.length > 0 ? html` list="tags-${id}"` : ''
    return html`<div>!${label}<input type="text" id="${key}" name="${name}" value="${value}" maxlength="250" required autocapitalize="off" spellcheck="false"!${list}></div>`
  }
  const all = known.includes(value) ? known : [value, ...known]
  return html`<div>!${label}<select id="${key}" name="${name}">!${all.map((one) => html`<option value="${one}"!${one === value ? ' selected' : ''}>${one}</option>`)}</select></div>`
}

const knownFor = (name: string, { environments, services }: Policy): string[] => {
  if (name === 'environment') return Object.keys(environments)
  return name === 'service' ? Object.keys(services) : []
}
