import { html } from 'ghtml'
import type { PromptPreview } from '../../../agent/ports.ts'
import type { Actor } from '../../../thread/event.ts'
import type { Viewer } from '../../viewer.ts'
import { page } from '../page.ts'
import { line, words } from '../words.ts'

interface Shown {
  id: string
  preview: PromptPreview
  viewer: Viewer
  /** The call that this is to have been; without: the next one. */
  asked?: Actor
}

const LONGEST = 200_000

/** Exactly what the next call of the model would send, or what an earlier one sent. */
export const promptPage = ({ id, preview, viewer, asked }: Shown): string => {
  const { model, prompt_hash, messages, tokens } = preview
  const title = asked ? 'What the model was asked' : 'What the model would be asked'
  return page({
    title,
    viewer,
    content: html`<p class="crumbs"><a href="/threads/${id}">The thread</a></p><h1>${title}</h1>
<p>${line(model, 80)}, some ${tokens} tokens, prompt <code>${prompt_hash}</code></p>!${asked?.kind === 'model' ? proof(asked.prompt_hash, prompt_hash) : ''}
!${messages.map(({ role, content, tokens }) => html`<h2>${line(role, 40)} <span class="quiet">${tokens} tokens</span></h2><pre tabindex="0">${words(content, LONGEST)}</pre>`)}`,
  })
}

/** The log keeps the hash of what was sent: whether this is it can be said, not only believed. */
const proof = (then: string, now: string): string =>
  then === now
    ? html`<p class="good">This is what was sent: its hash is the one in the log.</p>`
    : html`<p class="warn">This is how it would be sent today. What was sent then had the hash <code>${line(then, 80)}</code>: the prompt, the rules, or the model's reply form have changed since.</p>`
