import { html } from 'ghtml'
import { PROMPT } from '../../../thread/prompt.ts'
import type { Viewer } from '../../viewer.ts'

interface Offered {
  id: string
  viewer: Viewer
  version: number
  /** The place that somebody chose to fork from. */
  forkAt: number | null
  /** What was said there next: to say it again, or differently. */
  forkWords: string
  /** Words that were not taken: nobody has to write them again. */
  kept: string
  publicUrl: string
}

const hiddenForm = ({ form }: Viewer): string => html`<input type="hidden" name="form" value="${form ?? ''}">`

/** To add words at any time. */
export const sayForm = ({ id, viewer, kept }: Pick<Offered, 'id' | 'viewer' | 'kept'>): string =>
  viewer.scopes.includes('ask')
    ? html`<section class="card"><form method="post" action="/threads/${id}/words">!${hiddenForm(viewer)}
<label for="say">Say something: it hears you at any time</label><textarea id="say" name="message" maxlength="20000" required>${kept}</textarea>
<p class="actions"><button>Send</button></p></form></section>`
    : ''

/** What else can be done with a thread: stop it, try it again from a point of it, take it along. */
export const moreActions = (offered: Offered & { over: boolean }): string => {
  const { id, viewer, over } = offered
  const stop =
    viewer.scopes.includes('operate') && !over
      ? html`<details id="stop"><summary>Stop this thread</summary><form method="post" action="/threads/${id}/stop">!${hiddenForm(viewer)}
<label for="stop-reason">Why</label><input type="text" id="stop-reason" name="reason" maxlength="2000"><p class="actions"><button class="no">Stop it, and its run</button></p></form></details>`
      : ''
  return html`<section><h2>Do more</h2>!${stop}!${viewer.scopes.includes('ask') ? fork(offered) : ''}!${copies(offered)}</section>`
}

const fork = ({ id, viewer, version, forkAt, forkWords }: Offered): string => {
  // Words that are given and words that were begun here before are not the same.
  const key = forkWords === '' ? 'fork-words' : `fork-words-${forkAt}`
  const prompt = viewer.scopes.includes('operate')
    ? html`<details id="fork-told"><summary>Give it rules of its own</summary>
<label for="fork-prompt">What its model is told beside the team's rules: it allows nothing and approves nothing</label><textarea id="fork-prompt" name="prompt" maxlength="${PROMPT}"></textarea></details>`
    : ''
  return html`<details id="fork"!${forkAt === null ? '' : ' open'}><summary>Fork it: try again from a point</summary>
<p class="quiet">A new thread begins with the events up to there. No approval is inherited, and nothing runs by it.</p>
<form method="post" action="/threads/${id}/forks">!${hiddenForm(viewer)}<label for="fork-at">Up to event</label><input type="number" id="fork-at" name="at" min="1" max="${version}" value="${forkAt ?? version}" required>
<label for="${key}">And then say</label><textarea id="${key}" name="message" maxlength="20000">${forkWords}</textarea>!${prompt}<p class="actions"><button>Fork</button></p></form></details>`
}

const copies = ({ id, publicUrl }: Offered): string => html`<details id="copies"><summary>Copy it</summary>
<pre tabindex="0" id="as-curl">curl ${publicUrl}/threads/${id} -H 'accept: text/markdown'</pre>
<p class="actions"><button type="button" hidden data-copy="#as-curl">Copy curl</button>
<a class="button" href="?as=markdown" data-copy-from="?as=markdown">Markdown</a><a class="button" href="?as=json" data-copy-from="?as=json">JSON</a></p></details>`
