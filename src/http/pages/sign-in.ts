import { html } from 'ghtml'
import { page } from './page.ts'

/** The button that leads to GitHub, and back to the page that was wanted. */
export const signInPage = ({ to, possible }: { to: string; possible: boolean }): string =>
  page({ title: 'Sign in', viewer: null, content: html`<h1>Sign in</h1>!${possible ? button(to) : IMPOSSIBLE}` })

const button = (to: string): string => html`<p>Deploybot asks GitHub who you are, and for nothing else.</p>
<form method="post" action="/login"><input type="hidden" name="to" value="${to}"><button class="yes">Sign in with GitHub</button></form>`

const IMPOSSIBLE = html`<p>Nobody can sign in here yet. Whoever runs this Deploybot sets GITHUB_CLIENT_ID, GITHUB_CLIENT_SECRET and
SESSION_SECRET; until then everything works by the API, with a token.</p>`
