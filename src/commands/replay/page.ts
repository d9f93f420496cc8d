import { html } from 'ghtml'
import type { Json } from '../../thread/event.ts'
import type { Decision } from '../../thread/replay/calls.ts'
import { clean, firstLine } from '../../thread/text.ts'
import { toYaml } from '../../thread/yaml.ts'
import type { Replay, Replayed } from './model.ts'
import type { Blocked, PolicyReplay } from './policy.ts'
import { STYLE } from './style.ts'
import { labelInWords } from './words.ts'

const WORDS = 2_000
const LINE = 300

/** What is said of both: what was tried on what, and where the threads can be opened. */
interface About {
  what: string
  threads: number
  since: string
  publicUrl: string
}

/** What another prompt or model would have decided, as a page that needs nothing but itself: each that changed, side by side. */
export const replayPage = (replay: Replay, about: About): string => {
  const { calls, unanswered, left, agreement, input_tokens, output_tokens } = replay
  const changed = calls.filter((call) => call.changed)
  return page(
    'Replay',
    about,
    html`<dl class="figures">
!${figure('decisions would change', `${changed.length} of ${calls.length}`)}
!${figure('agreed with people before', `${agreement.before} of ${agreement.of}`)}
!${figure('agree after', `${agreement.after} of ${agreement.of}`)}
!${figure('tokens in and out', `${input_tokens} + ${output_tokens}`)}
!${unanswered > 0 ? figure('calls got no answer', String(unanswered)) : ''}
!${left > 0 ? figure('calls were left out (--limit)', String(left)) : ''}</dl>
!${changed.length === 0 ? html`<p>Nothing would be decided otherwise.</p>` : changed.map((call) => caseOf(call, about))}`,
  )
}

/** What other rules would have done, likewise. */
export const policyPage = ({ deployments, blocked }: PolicyReplay, about: About): string =>
  page(
    'Other rules',
    about,
    html`<p>These rules would have blocked <strong>${blocked.length} of the last ${deployments}</strong> deployments.</p>
!${blocked.map((one) => blockedOf(one, about))}`,
  )

const caseOf = ({ thread_id, seq, at, before, after, label, agreed }: Replayed, { publicUrl }: About): string => {
  const people = label ? line(labelInWords(label)) : 'People said nothing to it.'
  return html`<section><h2>!${where({ thread_id, seq, at }, publicUrl)}</h2>
<div class="sides">!${side('Before', before, agreed?.before)}!${side('After', after, agreed?.after)}</div>
<p class="people" dir="auto">${people}</p></section>`
}

const side = (name: string, decision: Decision, agrees: boolean | undefined): string => {
  const verdict = agrees === undefined ? '' : agrees ? 'as people wanted' : 'not as people wanted'
  return html`<div class="side"><h3>${name}</h3>!${verdict === '' ? '' : html`<p class="${agrees ? 'good' : 'bad'}">${verdict}</p>`}<pre dir="auto">${decisionOf(decision)}</pre></div>`
}

const decisionOf = (decision: Decision): string =>
  'code' in decision ? `no step: ${clean(decision.code, LINE)}` : clean(toYaml(decision.step as unknown as Json), WORDS)

const blockedOf = (
  { thread_id, at, intent, service, environment, tag, why }: Blocked,
  { publicUrl }: About,
): string => html`<section><h2>!${where({ thread_id, at }, publicUrl)}</h2><p>${line(`${intent} ${service} ${tag} ${environment}`)}</p>
<ul>!${why.map((one) => html`<li>${line(one)}</li>`)}</ul></section>`

const where = ({ thread_id, seq, at }: { thread_id: string; seq?: number; at: string }, publicUrl: string): string => {
  const href = `${publicUrl}/threads/${thread_id}${seq === undefined ? '' : `#event-${seq}`}`
  return html`<a href="${href}">${thread_id}${seq === undefined ? '' : ` #${seq}`}</a> <time datetime="${at}">${at.slice(0, 16).replace('T', ' ')} UTC</time>`
}

const figure = (name: string, value: string): string => html`<div><dt>${name}</dt><dd>${value}</dd></div>`

/** People, models and repositories wrote these words. */
const line = (text: string): string => firstLine(clean(text.replaceAll('\n', ' '), LINE))

const page = (title: string, { what, threads, since }: About, content: string): string => html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title} · Deploybot</title><style>!${STYLE}</style></head>
<body><main><h1>${title}</h1><p>${line(what)}, on ${threads} threads since ${since.slice(0, 10)}. Nothing was done with the answers.</p>
!${content}</main></body></html>
`
