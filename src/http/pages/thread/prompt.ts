import { html } from 'ghtml'
import type { PromptPreview } from '../../../agent/ports.ts'
import type { Viewer } from '../../viewer.ts'
import { page } from '../page.ts'
import { line, words } from '../words.ts'

const LONGEST = 200_000

/** Exactly what the next call of the model would send. */
export const promptPage = (
  id: string,
  { model, prompt_hash, messages, tokens }: PromptPreview,
  viewer: Viewer,
): string =>
  page({
    title: 'What the model would be asked',
    viewer,
    content: html`<p class="crumbs"><a href="/threads/${id}">The thread</a></p><h1>What the model would be asked</h1>
<p>${line(model, 80)}, some ${tokens} tokens, prompt <code>${prompt_hash}</code></p>
!${messages.map(({ role, content, tokens }) => html`<h2>${line(role, 40)} <span class="quiet">${tokens} tokens</span></h2><pre tabindex="0">${words(content, LONGEST)}</pre>`)}`,
  })
