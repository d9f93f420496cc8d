import { html } from 'ghtml'
import { page } from './page.ts'
import { words } from './words.ts'

interface SignIn {
  to: string
  possible: boolean
  /** What they had written when their session was over: it was not sent, and is not lost. */
  unsent?: string
}

/** The button that leads to GitHub, and back to the page that was wanted. */
export const signInPage = ({ to, possible, unsent = '' }: SignIn): string =>
  page({
    title: 'Sign in',
    viewer: null,
    content: html`<h1>Sign in</h1>!${possible ? button(to) : IMPOSSIBLE}!${unsent === '' ? '' : kept(unsent)}`,
  })

const button = (to: string): string => html`<p>Deploybot asks GitHub who you are, and for nothing else.</p>
<form method="post" action="/login"><input type="hidden" name="to" value="${to}"><button class="yes">Sign in with GitHub</button></form>`

const kept = (unsent: string): string => html`<section class="card" data-unsent><h2>Not sent</h2>
<p>You were signed out before this was sent. Copy your words, sign in, and send them again:</p><pre class="words" tabindex="0" dir="auto">${words(unsent, 20_000)}</pre></section>`

const IMPOSSIBLE = html`<p>Nobody can sign in here yet. Whoever runs this Deploybot sets GITHUB_CLIENT_ID, GITHUB_CLIENT_SECRET and
SESSION_SECRET; until then everything works by the API, with a token.</p>`
