import { html } from 'ghtml'
import type { Strings, Tokens } from '../../../agent/ports.ts'
import type { Policy } from '../../../thread/policy.ts'
import type { Problem } from '../../errors.ts'
import type { HeardWebhook } from '../../heard-webhooks.ts'
import type { Viewer } from '../../viewer.ts'
import { page } from '../page.ts'
import { alert, token } from '../parts.ts'
import { line, link } from '../words.ts'
import { type PartState, partsSection } from './parts.ts'
import { policySection } from './policy.ts'
import { tokensSection } from './tokens.ts'
import { webhooksSection } from './webhooks.ts'

export interface SettingsPage {
  viewer: Viewer
  policy: Policy
  parts: PartState[]
  /** Null: this viewer does not operate, and sees none of it. */
  operated: { tokens: Awaited<ReturnType<Tokens['list']>>; webhooks: readonly HeardWebhook[]; now: string } | null
  strings: Strings | null
  secret: string | null
  problem?: Problem
}

/** What is connected, by which rules this works, and what operators do. */
export const settingsPage = ({ viewer, policy, parts, operated, strings, secret, problem }: SettingsPage): string =>
  page({
    title: 'Settings',
    viewer,
    here: '/settings',
    address: '/settings',
    live: 'all',
    content: html`<h1>Settings and health</h1>
!${alert(problem)}
!${partsSection(parts, viewer)}
!${operated && strings ? sandbox(strings, viewer) : ''}
!${operated ? tokensSection(operated.tokens, operated.now, secret, viewer) : ''}
!${operated ? webhooksSection(operated.webhooks) : ''}
!${policySection(policy)}`,
  })

const sandbox = (
  { stands, pulls }: Strings,
  viewer: Viewer,
): string => html`<section class="card" aria-labelledby="sandbox">
<h2 id="sandbox">Stand-ins</h2>
<p>Nothing here is real. To look at: !${stands.map(({ name, url }, i) => html`${i === 0 ? '' : ', '}!${link(url, name)}`)}.</p>
<form method="post" action="/settings/sandbox">!${token(viewer)}<p>Make something happen:</p>
<p class="actions">!${pulls.map(({ name, words }) => html`<button name="pull" value="${name}">${line(words, 100)}</button>`)}</p></form></section>`
