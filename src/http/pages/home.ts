import { html } from 'ghtml'
import type { ThreadSummary } from '../../agent/ports.ts'
import type { Viewer } from '../viewer.ts'
import { page } from './page.ts'
import { inWords, line, moment } from './words.ts'

/** The first page: what there is, a box to ask in, and for newcomers a first line to try. */
export const home = (threads: ThreadSummary[], viewer: Viewer, publicUrl: string): string =>
  page({
    title: 'Inbox',
    viewer,
    here: '/',
    content: html`<h1>Deploybot</h1>
<p>Ask in plain words, approve the facts, deployed exactly once. <a href="/docs">API reference</a> · <a href="/github/app">GitHub App</a></p>
!${viewer.scopes.includes('ask') ? ask(viewer) : ''}
<h2>Threads</h2>
!${threads.length === 0 ? first(publicUrl) : list(threads)}`,
  })

const ask = ({ form }: Viewer): string => html`<form method="post" action="/asks" class="card">
<input type="hidden" name="form" value="${form ?? ''}"><label>What should be deployed, and where?<textarea name="message" maxlength="20000" required
placeholder="deploy backend v1.2.3 to production"></textarea></label><p class="actions"><button class="yes">Ask</button></p></form>`

const first = (publicUrl: string): string => html`<p>None yet. The box above makes the first one, and so does this:</p>
<pre><code>curl -X POST ${publicUrl}/threads -H 'content-type: application/json' \\
  -d '{"message":"deploy backend v1.2.3 to production"}'</code></pre>`

const list = (threads: ThreadSummary[]): string => html`<ul class="rows">!${threads.map(item)}</ul>`

const item = ({ id, title, status, updated_at }: ThreadSummary): string =>
  html`<li><span class="status ${status}">${inWords(status)}</span><a href="/threads/${id}">${line(title)}</a>!${moment(updated_at)}</li>`
