import type { Asked } from '../../thread/contact/question.ts'
import { warningsOf } from '../../thread/contact/warnings.ts'
import { opinionInWords } from '../../thread/doubt.ts'
import { firstLine } from '../../thread/text.ts'
import { oneLine, type Part, upTo, type Value, webUrl } from './letter.ts'
import { afterSending, inUtc } from './when.ts'

export type Approval = Extract<Asked['asked'], { kind: 'approval' }>

const COMMITS = 20
const PULLS = 20
const FILES = 30
const NAMES = 30
const CHANGES = 20

/** What has to be said loudly before anything else; null: nothing. */
export const loudly = ({ direction }: Approval): string | null => {
  switch (direction) {
    case 'backward':
      return 'ROLLBACK: this goes BACK to an older version than is live now.'
    case 'diverged':
      return 'DIVERGED: what is live has commits that this version does not have; they would be gone.'
    case 'unknown':
      return 'What would ship is not known: GitHub could not compare it with what is live.'
    case 'first':
    case 'forward':
    case 'same':
      return null
  }
}

const WAY: Record<Approval['direction'], string> = {
  first: 'the first deployment there',
  forward: 'forward',
  backward: 'BACKWARD, a rollback',
  diverged: 'DIVERGED',
  same: 'the same commit again',
  unknown: 'not known',
}

/** What stands against it, before anything else. */
export const alertsOf = (asked: Approval): Part[] => {
  const alert = loudly(asked)
  const warnings = warningsOf(asked).map((text) => oneLine(text, 340))
  const doubt = opinionInWords(asked).map((text) => oneLine(text, 300))
  return [...(alert === null ? [] : [alert]), ...warnings, ...doubt].map((text) => ({ is: 'alert', text }))
}

/** What an approver has to know, from the facts that the approval binds to. */
export const approvalParts = (asked: Approval, askedBy: string[], sent: string): Part[] => [
  { is: 'facts', rows: rowsOf(asked, askedBy, sent) },
  ...listed('Changed since it was last shown', upTo(asked.changed ?? [], CHANGES, plain)),
  ...listed('Commits', upTo(asked.commits, COMMITS, commit, asked.commits_total)),
  ...listed('Pull requests', upTo(asked.pull_requests ?? [], PULLS, pull)),
  ...listed('Files', asked.files ? upTo(asked.files.paths, FILES, plain, asked.files.total) : []),
]

const rowsOf = (asked: Approval, askedBy: string[], sent: string): [string, Value][] => {
  const { service, environment, tag, sha, live, gate, expires_at } = asked
  const count = asked.commits_total === 0 ? '' : `${commitsOf(asked.commits_total)}, `
  const compared = `${count}${WAY[asked.direction]}`
  const rows: [string, Value | null][] = [
    ['Service', { text: `${oneLine(service, 40)} → ${oneLine(environment, 40)}` }],
    ['Version', { text: oneLine(tag, 80), aside: sha.slice(0, 7) }],
    ['Live now', live ? { text: oneLine(live.tag ?? 'no tag', 80), aside: live.sha.slice(0, 7) } : { text: 'nothing' }],
    ['What ships', { text: compared, url: webUrl(asked.compare_url) }],
    ['Run', gate ? { text: oneLine(gate.title, 120), url: webUrl(gate.html_url) } : null],
    ['Asked by', names(gate?.requested_by ? [gate.requested_by] : askedBy)],
    ['May approve', { text: names(asked.approvers)?.text ?? 'nobody', aside: quorum(asked) }],
    ['Until', { text: inUtc(expires_at), aside: afterSending(expires_at, sent) }],
  ]
  return rows.flatMap(([label, value]) => (value === null ? [] : [[label, value]]))
}

const quorum = ({ quorum: needed, approved_by, fresh_sign_in_seconds: fresh }: Approval): string =>
  `${needed} needed${fresh === undefined ? '' : ', on the page, after signing in anew'}${approved_by.length > 0 ? `, given by ${names(approved_by)?.text}` : ''}`

const commitsOf = (count: number): string => (count === 1 ? '1 commit' : `${count} commits`)

const names = (people: string[]): Value | null =>
  people.length === 0
    ? null
    : {
        text: people
          .slice(0, NAMES)
          .map((one) => oneLine(one, 80))
          .join(', '),
      }

const listed = (title: string, items: Value[]): Part[] => (items.length === 0 ? [] : [{ is: 'list', title, items }])

const plain = (text: string): Value => ({ text: oneLine(text, 200) })

const commit = ({ sha, message, author, author_login }: Approval['commits'][number]): Value => ({
  text: oneLine(firstLine(message), 120),
  aside: `${sha.slice(0, 7)}, ${oneLine(author_login ?? author, 80)}`,
})

const pull = ({ number, title, author, url }: NonNullable<Approval['pull_requests']>[number]): Value => ({
  text: `#${number} ${oneLine(title, 120)}`,
  url: webUrl(url),
  aside: oneLine(author, 80),
})
