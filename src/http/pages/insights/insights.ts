import { html } from 'ghtml'
import type { Week } from '../../../agent/ports.ts'
import type { Policy } from '../../../thread/policy.ts'
import { type Insights, SPANS } from '../../insights.ts'
import type { Viewer } from '../../viewer.ts'
import { page } from '../page.ts'
import { table } from '../parts.ts'
import { line } from '../words.ts'
import { chart } from './chart.ts'
import { count, failureRate, MEASURES, money, span } from './measures.ts'

interface Options {
  insights: Insights
  policy: Policy
  viewer: Viewer
}

// So long the numbers are good before they are counted anew.
const LATER_MS = [31_000]

/** How deploying goes, for each service and week. */
export const insightsPage = ({ insights, policy, viewer }: Options): string => {
  const { environment, span: weeks, mondays } = insights
  const csv = `/insights.csv?${new URLSearchParams({ environment, weeks })}`
  return page({
    title: 'Insights',
    viewer,
    here: '/insights',
    live: 'all',
    later: LATER_MS,
    content: html`<h1>Insights</h1>
!${choice(insights, policy)}
<p><a href="${csv}">The numbers as CSV</a></p>
!${HOW}
<div id="services" data-part>!${servicesIn(insights, policy).map((name) => service(name, weeksOf(name, insights), mondays))}</div>`,
  })
}

const choice = (
  { environment, span: chosen }: Insights,
  { environments }: Policy,
): string => html`<form method="get" action="/insights" class="actions">
<label>Environment<select name="environment">!${Object.keys(environments).map((name) => option(name, name, environment))}</select></label>
<label>Weeks<select name="weeks">!${SPANS.map((one) => option(one, `the last ${one}`, chosen))}</select></label><button>Show</button></form>`

const option = (value: string, words: string, chosen: string): string =>
  html`<option value="${value}"!${value === chosen ? ' selected' : ''}>${words}</option>`

/** Those of deploybot.yaml, and those that were there once. */
const servicesIn = ({ weeks }: Insights, { services }: Policy): string[] => [
  ...new Set([...Object.keys(services), ...weeks.map(({ service: name }) => name).sort()]),
]

const weeksOf = (name: string, { weeks }: Insights): Map<string, Week> =>
  new Map(weeks.filter((week) => week.service === name).map((week) => [week.monday, week]))

const service = (name: string, weeks: Map<string, Week>, mondays: string[]): string => {
  const id = `insights-${name}`
  if (weeks.size === 0) {
    return html`<section class="card" aria-labelledby="${id}"><h2 id="${id}">${line(name, 60)}</h2><p class="quiet">Nothing was deployed in this time.</p></section>`
  }
  const charts = MEASURES.map((measure) => {
    const values = mondays.map((monday) => {
      const week = weeks.get(monday)
      return week ? measure.of(week) : measure.nothing
    })
    return chart(measure, values, mondays)
  })
  return html`<section class="card" aria-labelledby="${id}"><h2 id="${id}">${line(name, 60)}</h2><div class="charts">!${charts}</div>
<details id="numbers-${name}"><summary>The numbers</summary>!${table(`${line(name, 60)}, week by week`, HEAD, [...weeks.values()].reverse().map(row))}</details></section>`
}

const HEAD = [
  'Week of',
  'Went live',
  'Rollbacks',
  'Changes',
  'Failed',
  'Lead time',
  'To restore',
  'Waiting',
  'Model calls',
  'Tokens in',
  'Tokens out',
  'Cost',
]

const row = (week: Week): string => {
  const rate = failureRate(week)
  const cells = [
    count(week.deployed),
    count(week.rolled_back),
    count(week.changes),
    `${count(week.failed)}${rate === null ? '' : ` (${Math.round(rate * 100)} %)`}`,
    ...[week.lead_seconds, week.restore_seconds, week.waited_seconds].map((value) =>
      value === null ? '–' : span(value),
    ),
    ...[week.model_calls, week.input_tokens, week.output_tokens].map(count),
    week.model_cost === null ? '–' : money(week.model_cost),
  ]
  return html`<tr><th scope="row">${week.monday}</th>!${cells.map((cell) => html`<td class="number">${cell}</td>`)}</tr>`
}

const HOW = html`<details id="how"><summary>How these are counted</summary><ul>
<li>Deployments that Deploybot ran or let on, and whose run has ended; by the week (from Monday, in UTC) in which it ended. Tests do not count, nor what was cancelled.</li>
<li>Lead time: from the oldest commit that a deployment brought (among its newest 50) until it was live. The one in the middle of all of that week.</li>
<li>A change failed when its run failed, or when the next that happened in that place was a rollback.</li>
<li>Time to restore: from there until the next success in that place, a rollback or a fix. Of failures in a row the first counts.</li>
<li>Waiting for people: how long a thread waited for an approval or an answer before it deployed; the one in the middle.</li>
<li>Model tokens: of the calls that led to a deployment, as the provider counted them; cost: by <code>model.prices</code> of deploybot.yaml as they were at each call, in their currency. Calls of a model without a price are left out.</li>
<li>What was deployed before this version is counted after <code>npm run rebuild</code>.</li></ul></details>`
