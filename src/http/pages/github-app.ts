import { html } from 'ghtml'
import type { NewApp } from '../../agent/ports.ts'
import { isReachable, type ManifestOptions, manifestOf, PERMISSIONS } from '../github/manifest.ts'
import type { Viewer } from '../viewer.ts'
import { page } from './page.ts'
import { webAddress } from './words.ts'

interface Offer extends ManifestOptions {
  repositories: string[]
  web: string
  state: string
  viewer: Viewer | null
}

/** Says what would be made, and sends it to GitHub at a click: for the organization, or for whoever clicks. */
export const offerApp = (options: Offer): string => {
  const { publicUrl, repository, repositories, web, state, viewer } = options
  const [owner = ''] = repository.split('/')
  const manifest = JSON.stringify(manifestOf(options))
  const form = (path: string, words: string) =>
    html`<form method="post" action="${`${web}${path}?state=${state}`}">
<input type="hidden" name="manifest" value="${manifest}"><button>${words}</button></form>`
  return page({
    title: 'Create a GitHub App',
    viewer,
    content: html`<h1>Create a GitHub App</h1>
<p>Deploybot acts at GitHub as an App of yours, which only you can use, in the repositories that you give it: here
<code>${repositories.join(', ')}</code>. GitHub shows all of this again before anything is made, and lets you change the name.</p>
<h2>It may</h2>
<ul class="rows">!${Object.entries(PERMISSIONS).map(permission)}</ul>
<h2>It is told</h2>
!${isReachable(publicUrl) ? hears(publicUrl) : unreachable(publicUrl)}
<h2>Make it</h2>
!${form(`/organizations/${encodeURIComponent(owner)}/settings/apps/new`, `For the organization ${owner}`)}
!${form('/settings/apps/new', 'For my own account')}
<p>Within ten minutes, please: then this page is too old. Afterwards you come back here and get three lines for the environment.</p>`,
  })
}

const permission = ([name, [access, why]]: [string, readonly [string, string]]): string =>
  html`<li><span class="status">${`${name.replaceAll('_', ' ')}: ${access}`}</span><span class="why">${why}</span></li>`

const hears = (publicUrl: string): string =>
  html`<p>of runs, jobs, deployments, gates, merged pull requests and comments there, at <code>${publicUrl}/webhooks/github</code>.</p>`

const unreachable = (publicUrl: string): string =>
  html`<p><strong>Nothing: GitHub cannot reach ${publicUrl}.</strong> It sends webhooks only to an https address of the
internet; set PUBLIC_URL to one and open this page again if you want them. Without them all that waits is looked at again and again, and goes on
a little later; only commands in comments need them.</p>`

/** Shows, this once, what the new App is. */
export const showApp = ({ id, name, url, private_key }: NewApp, secret: string): string =>
  page({
    title: 'The GitHub App is made',
    viewer: null,
    content: html`<h1>The GitHub App is made</h1>
<p>The App ${name} exists. <strong>Nothing of this was stored, and this page cannot be shown again</strong>: copy it now, to where your secrets
live. Whoever has it can act as the App.</p>
<h2>1. Put this into the environment</h2>
<pre tabindex="0"><code>GITHUB_APP_ID=${id}
GITHUB_APP_PRIVATE_KEY="${private_key.trim().replaceAll(/\r?\n/g, '\\n')}"
GITHUB_WEBHOOK_SECRET=${secret}</code></pre>
<p>Unset GITHUB_TOKEN if it is set: it is a token or an App, not both.</p>
<h2>2. Install it</h2>
<p><a href="${webAddress(`${url}/installations/new`) ?? ''}">Choose the repositories that it may act in</a></p>
<h2>3. Start Deploybot again</h2>
<p>The environment is read at the start only.</p>`,
  })
