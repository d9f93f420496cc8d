import { html } from 'ghtml'
import { MODULES, SCRIPT, STYLES } from '../assets.ts'
import type { Viewer } from '../viewer.ts'

export interface PageOptions {
  title: string
  /** HTML already: made by `html`. */
  content: string
  /** Null: nobody is known yet, as on the page to sign in. */
  viewer: Viewer | null
  /** The path of the page, so that it is marked where all pages are listed. */
  here?: string
  /** For pages with more than one column. */
  wide?: boolean
  /** What the page shows and keeps true: one thread as it was at that version, or whatever happens to any. */
  live?: { thread: string; version: number } | 'all'
  /** Where it is found again; without: where it was loaded from, which is not so of what answers a form. */
  address?: string
  /** What it shows changes a little after the log does: so many ms after a change it is looked at once more. */
  later?: readonly number[]
}

/** Every page that can be gone to from any other. */
const PLACES = [
  ['/', 'Inbox'],
  ['/threads', 'Threads'],
  ['/environments', 'Environments'],
  ['/insights', 'Insights'],
  ['/settings', 'Settings'],
  ['/docs', 'API'],
] as const

const HEAD = [
  ...STYLES.map(({ path }) => html`<link rel="stylesheet" href="${path}">`),
  ...MODULES.map(({ path }) => html`<link rel="modulepreload" href="${path}">`),
  html`<script type="module" src="${SCRIPT.path}"></script>`,
].join('\n')

/** A page around its content. `html` escapes whatever is put into it with `${}`, and nothing that is put with `!${}`. */
export const page = (options: PageOptions): string => {
  const { title, content, viewer, here, wide } = options
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="Ask in plain words, approve the facts, deployed exactly once.">
<title>${title} · Deploybot</title>
!${HEAD}
</head>
<body!${liveness(options)}>
<a class="skip" href="#content">To the content</a>
<header class="bar">
<a class="brand" href="/">Deploybot</a>
!${viewer ? menu(viewer, here) : ''}
</header>
<p id="news" class="news" role="status"></p>
<main id="content"!${wide ? ' class="wide"' : ''}>
!${content}
</main>
</body>
</html>
`
}

/** How script keeps the page true. */
const liveness = ({ live, address, later }: PageOptions): string => {
  if (!live) return ''
  const stream = live === 'all' ? '/live' : `/live?thread=${live.thread}&version=${live.version}`
  return html` data-live="${stream}"!${address ? html` data-address="${address}"` : ''}!${later ? html` data-later="${later.join(' ')}"` : ''}`
}

const menu = (viewer: Viewer, here: string | undefined): string => html`<nav aria-label="Pages">
!${PLACES.map(([path, name]) => html`<a href="${path}" !${path === here ? 'aria-current="page"' : ''}>${name}</a>`)}
</nav>
!${viewer.session ? signedIn(viewer) : html`<span class="quiet">${viewer.person ?? 'token'}</span>`}`

const signedIn = ({ person, form }: Viewer): string => html`<span class="quiet">${person}</span>
<form method="post" action="/logout" class="actions"><input type="hidden" name="form" value="${form}"><button>Sign out</button></form>`
