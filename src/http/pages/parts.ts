import { html } from 'ghtml'
import type { Problem } from '../errors.ts'
import type { Viewer } from '../viewer.ts'

/** What every form of a viewer carries. */
export const token = ({ form }: Viewer): string => html`<input type="hidden" name="form" value="${form ?? ''}">`

export const hidden = (fields: Record<string, string>): string =>
  html`!${Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}`

/** Why what was just tried did not work. */
export const alert = (problem: Problem | null | undefined): string =>
  problem
    ? html`<div class="card problem" role="alert"><p>${problem.message}</p><p class="quiet"><code>${problem.code}</code></p></div>`
    : ''

/** A table that scrolls within itself where a screen is too small for it. */
export const table = (caption: string, head: readonly string[], rows: readonly string[]): string =>
  html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table><caption class="quiet">${caption}</caption>
<thead><tr>!${head.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead><tbody>!${rows}</tbody></table></div>`
