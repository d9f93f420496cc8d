import type { ThreadSummary } from '../../agent/ports.ts'
import { escapeHtml, page } from './page.ts'

/** The first page: what this is, what it does now, and a first thing to try. Everything that people wrote is escaped. */
export const home = (threads: ThreadSummary[], publicUrl: string): string =>
  page(
    'Deploybot',
    `<h1>Deploybot</h1>
<p>Ask in plain words, approve the facts, deployed exactly once. <a href="/docs">API reference</a> · <a href="/github/app">GitHub App</a></p>
<h2>Threads</h2>
${threads.length === 0 ? EMPTY : list(threads)}
<h2>Ask</h2>
<pre><code>curl -X POST ${escapeHtml(publicUrl)}/threads -H 'content-type: application/json' \\
  -d '{"message":"deploy backend v1.2.3 to production"}'</code></pre>`,
  )

const EMPTY = '<p>None yet: the line below makes the first one.</p>'

const list = (threads: ThreadSummary[]): string => `<ul>${threads.map(item).join('\n')}</ul>`

const item = ({ id, title, status, updated_at }: ThreadSummary): string =>
  `<li><span class="status ${escapeHtml(status)}">${escapeHtml(status.replaceAll('_', ' '))}</span>
<a href="/threads/${encodeURIComponent(id)}">${escapeHtml(title)}</a>
<time datetime="${escapeHtml(updated_at)}">${escapeHtml(updated_at.slice(0, 16).replace('T', ' '))} UTC</time></li>`

export const STYLE = `:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 18%, transparent); }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 46rem; margin: 0 auto; padding: 2rem 1rem; }
h1 { margin: 0; } h2 { margin: 2rem 0 .5rem; font-size: 1.1rem; }
ul { list-style: none; margin: 0; padding: 0; border-top: 1px solid var(--line); }
li { display: flex; flex-wrap: wrap; gap: .25rem .75rem; padding: .6rem 0; border-bottom: 1px solid var(--line); }
button { font: inherit; padding: .4rem .9rem; margin: 0 0 .6rem; cursor: pointer; }
li a, li .why { flex: 1 1 12rem; min-width: 0; overflow-wrap: anywhere; }
time, .status { font-size: .85rem; opacity: .8; }
.status { flex: 0 0 9.5rem; } .awaiting_approval, .awaiting_human { font-weight: 700; opacity: 1; }
code { overflow-wrap: anywhere; } pre code { overflow-wrap: normal; }
pre { overflow-x: auto; padding: .8rem; border: 1px solid var(--line); border-radius: 6px; }
`
