import { html } from 'ghtml'
import { opinionInWords } from '../../../thread/doubt.ts'
import { tagInWords } from '../../../thread/text.ts'
import { durationInWords } from '../../../thread/time.ts'
import type { WaitingFor } from '../../../thread/view.ts'
import { line, link, moment, words } from '../words.ts'

type Approval = Extract<WaitingFor, { kind: 'approval' }>

const WAY: Record<Approval['direction'], string> = {
  first: 'the first deployment there',
  forward: 'forward',
  backward: 'BACKWARD: a rollback',
  diverged: 'DIVERGED: what is live has commits that this has not',
  same: 'the same commit again',
  unknown: 'what would ship is not known',
}
const LOUD = ['backward', 'diverged', 'unknown']
const COMMITS = 40
const FILES = 30

/** Everything that a yes binds to, gathered by code. */
export const approvalFacts = (asked: Approval): string => {
  const { service, environment, tag, sha, live, direction, approvers, quorum, approved_by, expires_at } = asked
  const rows: [string, string][] = [
    [
      'Deploy',
      html`<strong>${line(service, 60)} ${line(tagInWords(tag), 80)}</strong> (<code>${sha.slice(0, 7)}</code>) to <strong>${line(environment, 60)}</strong>!${asked.gate ? html`: !${link(asked.gate.html_url, `run ${asked.gate.run_id}`)}, started by ${line(asked.gate.requested_by ?? 'nobody known', 80)}` : ''}`,
    ],
    [
      'Live now',
      live
        ? html`${line(live.tag ?? 'no tag', 80)} (<code>${live.sha.slice(0, 7)}</code>), since !${moment(live.since)}`
        : 'nothing',
    ],
    ['Direction', html`<span class="${LOUD.includes(direction) ? 'bad' : ''}">${WAY[direction]}</span>`],
    ['Runs', html`<code>${asked.repository} ${asked.workflow}@${asked.ref}</code>`],
    ['Who may approve', html`${line(approvers.join(', '), 400)} (${quorum} needed)${signInOf(asked)}`],
    ['Expires', moment(expires_at)],
  ]
  if (approved_by.length > 0) rows.push(['Approved by', html`${approved_by.join(', ')}`])
  return html`!${facts(rows)}!${warnings(asked)}!${ships(asked)}!${exactly(asked)}`
}

const signInOf = ({ fresh_sign_in_seconds: seconds }: Approval): string =>
  seconds === undefined ? '' : `, here, at most ${durationInWords(seconds)} after signing in`

export const facts = (rows: [string, string][]): string =>
  html`<dl class="facts">!${rows.map(([name, value]) => html`<dt>${name}</dt><dd>!${value}</dd>`)}</dl>`

/** What the yes is bound to, to the letter. */
const exactly = ({ args, args_hash, sha, workflow_sha, policy_version, intent }: Approval): string =>
  html`<details id="exactly"><summary>Exactly what would run</summary>!${facts(
    [
      ['Step', intent],
      ...Object.entries(args),
      ['Commit', sha],
      ['Workflow file', workflow_sha ?? 'not known'],
      ['Rules', policy_version],
      ['Hash of all this', args_hash],
    ].map(([name = '', value = '']) => [name, html`<code>${line(value, 200)}</code>`]),
  )}</details>`

const warnings = ({ blocked = [], changed = [], ...opinion }: Approval): string => {
  const all = [
    ...blocked.map(({ message }) => `Would override: ${message}`),
    ...changed.map((change) => `Changed since it was last shown: ${change}`),
    ...opinionInWords(opinion),
  ]
  return all.length === 0 ? '' : html`<ul>!${all.map((text) => html`<li class="warn">${words(text, 400)}</li>`)}</ul>`
}

const ships = ({ commits, commits_total, compare_url, pull_requests = [], files }: Approval): string => {
  const head = `${commits_total === 1 ? '1 commit' : `${commits_total} commits`}${files ? `, ${files.total} files` : ''}`
  const list = commits
    .slice(0, COMMITS)
    .map(
      ({ sha, message, author }) =>
        html`<li><code>${sha.slice(0, 7)}</code> ${line(message, 120)} <span class="quiet">${line(author, 80)}</span></li>`,
    )
  const pulls = pull_requests.map(
    ({ number, title, url, author }) =>
      html`<li>!${link(url, `#${number} ${line(title)}`)} <span class="quiet">${line(author, 80)}</span></li>`,
  )
  const paths = (files?.paths ?? []).slice(0, FILES).map((name) => html`<li><code>${line(name, 200)}</code></li>`)
  return html`<details id="ships" open><summary>What ships: ${head}</summary>
!${compare_url === null ? '' : html`<p>!${link(compare_url, 'The difference at GitHub')}</p>`}
!${pulls.length > 0 ? html`<h3>Pull requests</h3><ul>!${pulls}</ul>` : ''}
!${list.length > 0 ? html`<h3>Commits</h3><ul>!${list}</ul>!${rest(commits_total - list.length)}` : ''}
!${paths.length > 0 ? html`<details id="files"><summary>Files</summary><ul>!${paths}</ul>!${rest((files?.total ?? 0) - paths.length)}</details>` : ''}</details>`
}

const rest = (left: number): string => (left > 0 ? html`<p class="quiet">and ${left} more</p>` : '')
