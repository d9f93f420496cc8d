import { html } from 'ghtml'
import type { ThreadFilter, ThreadSummary } from '../../../agent/ports.ts'
import { AGENTS } from '../../../thread/agents.ts'
import type { Policy } from '../../../thread/policy.ts'
import { STATUSES, type Status } from '../../../thread/state.ts'
import type { Viewer } from '../../viewer.ts'
import { page } from '../page.ts'
import { inWords, line, moment } from '../words.ts'

/** What is looked for, as the address says it. */
export type Query = ThreadFilter & { cursor?: string }

interface Threads {
  threads: ThreadSummary[]
  /** Where the next page begins; null: there is none. */
  cursor: string | null
  counts: Record<Status, number>
  /** So many or more are counted as this. */
  most: number
  query: Query
  viewer: Viewer
  policy: Policy
}

/** All threads, newest first, by what they are about. What is looked for stands in the address. */
export const threadsPage = ({ threads, cursor, counts, most, query, viewer, policy }: Threads): string =>
  page({
    title: 'Threads',
    viewer,
    here: '/threads',
    wide: true,
    // A page further back stays as it is: what is new is not on it.
    ...(query.cursor === undefined ? { live: 'all' as const } : {}),
    content: html`<h1>Threads</h1>
<nav id="counts" data-part class="tabs" aria-label="By status">!${[undefined, ...STATUSES].map((status) => tab(status, query, counts, most))}</nav>
!${filters(query, policy)}
<div id="list" data-part>!${threads.length === 0 ? none(cursor) : html`<ul class="rows even">!${threads.map(row)}</ul>`}
!${pager(query, cursor, threads.length)}</div>`,
  })

/** The address of a list like this one, but for `change`. */
const addressOf = (query: Query, change: { [Key in keyof Query]?: Query[Key] | undefined }): string => {
  const given = Object.entries({ ...query, ...change }).filter(([, value]) => value !== undefined && value !== '')
  return given.length === 0 ? '/threads' : `/threads?${new URLSearchParams(given as [string, string][])}`
}

const tab = (status: Status | undefined, query: Query, counts: Record<Status, number>, most: number): string => {
  const count = status === undefined ? null : counts[status]
  if (count === 0 && query.status !== status) return ''
  const address = addressOf(query, { status, cursor: undefined })
  return html`<a class="tab" href="${address}" !${query.status === status ? 'aria-current="page"' : ''}>${inWords(status ?? 'all')}!${count === null ? '' : html` <span class="count">${count >= most ? `${most}+` : String(count)}</span>`}</a>`
}

const filters = (
  query: Query,
  policy: Policy,
): string => html`<form method="get" action="/threads" class="filters" role="search">
!${query.status === undefined ? '' : html`<input type="hidden" name="status" value="${query.status}">`}
!${choice('service', Object.keys(policy.services), query.service)}!${choice('environment', Object.keys(policy.environments), query.environment)}
!${choice('person', Object.keys(policy.people), query.person)}!${choice('agent', Object.keys(AGENTS), query.agent)}
<span><label for="text">Words of the title</label><input type="search" id="text" name="text" maxlength="100" value="${query.text ?? ''}"></span>
<p class="actions"><button>Look</button>!${Object.keys(query).length === 0 ? '' : html`<a class="button" href="/threads">Clear</a>`}</p></form>`

const choice = (name: string, all: string[], chosen: string | undefined): string => {
  const options = chosen === undefined || all.includes(chosen) ? all : [...all, chosen]
  return html`<span><label for="${name}">${name}</label><select id="${name}" name="${name}"><option value="">any</option>!${options.map((one) => html`<option!${one === chosen ? ' selected' : ''}>${one}</option>`)}</select></span>`
}

const row = ({ id, title, status, service, environment, person, updated_at }: ThreadSummary): string => {
  const place = environment === null ? [] : [`${service ?? 'all'} on ${environment}`]
  const about = [...place, ...(person === null ? [] : [`by ${person}`])].join(', ')
  return html`<li><span class="status ${status}">${inWords(status)}</span><a href="/threads/${id}" dir="auto">${line(title)}</a>!${about === '' ? '' : html`<span class="quiet">${line(about, 160)}</span>`}!${moment(updated_at)}</li>`
}

const none = (cursor: string | null): string =>
  html`<p>${cursor === null ? 'No thread is like that.' : 'None among the newest is like that.'}</p>`

const pager = (query: Query, cursor: string | null, shown: number): string => {
  const newest =
    query.cursor === undefined
      ? ''
      : html`<a class="button" href="${addressOf(query, { cursor: undefined })}">Newest</a>`
  const older =
    cursor === null
      ? ''
      : html`<a class="button" href="${addressOf(query, { cursor })}" rel="next">${shown === 0 ? 'Look further back' : 'Older'}</a>`
  return newest === '' && older === ''
    ? ''
    : html`<nav class="actions" aria-label="More threads">!${newest}!${older}</nav>`
}
