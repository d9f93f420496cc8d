import { html } from 'ghtml'
import type { Problem } from '../errors.ts'
import type { Viewer } from '../viewer.ts'
import { page } from './page.ts'

/** What went wrong, for somebody who looks at a page. */
export const problemPage = ({ status, code, message }: Problem, viewer: Viewer | null): string =>
  page({
    title: 'That did not work',
    viewer,
    content: html`<div class="card problem"><h1>That did not work</h1><p>${message}</p>
<p class="quiet">${status} <code>${code}</code></p></div><p><a href="/">To the inbox</a></p>`,
  })
