import { html } from 'ghtml'
import { SCRIPT, STYLE } from '../assets.ts'
import type { Viewer } from '../viewer.ts'

export interface PageOptions {
  title: string
  /** HTML already: made by `html`. */
  content: string
  /** Null: nobody is known yet, as on the page to sign in. */
  viewer: Viewer | null
  /** The path of the page, so that it is marked where all pages are listed. */
  here?: string
}

const PLACES = [
  ['/', 'Inbox'],
  ['/docs', 'API'],
] as const

/** A page around its content. `html` escapes whatever is put into it with `${}`, and nothing that is put with `!${}`. */
export const page = ({ title, content, viewer, here }: PageOptions): string => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Deploybot</title>
<link rel="stylesheet" href="${STYLE.path}">
<script src="${SCRIPT.path}" defer></script>
</head>
<body>
<a class="skip" href="#content">To the content</a>
<header class="bar">
<a class="brand" href="/">Deploybot</a>
!${viewer ? menu(viewer, here) : ''}
</header>
<main id="content">
!${content}
</main>
</body>
</html>
`

const menu = (viewer: Viewer, here: string | undefined): string => html`<nav aria-label="Pages">
!${PLACES.map(([path, name]) => html`<a href="${path}" !${path === here ? 'aria-current="page"' : ''}>${name}</a>`)}
</nav>
!${viewer.session ? signedIn(viewer) : html`<span class="quiet">${viewer.person ?? 'token'}</span>`}`

const signedIn = ({ person, form }: Viewer): string => html`<span class="quiet">${person}</span>
<form method="post" action="/logout" class="actions"><input type="hidden" name="form" value="${form}"><button>Sign out</button></form>`
