import { warningsOf } from '../../thread/contact/warnings.ts'
import { opinionInWords } from '../../thread/doubt.ts'
import type { WaitingFor } from '../../thread/view.ts'
import { code, link } from './markdown.ts'

type Approval = Extract<WaitingFor, { kind: 'approval' }>

const WAY: Record<Approval['direction'], string> = {
  first: 'the first deployment there',
  forward: 'forward',
  backward: '⚠️ **BACKWARD: a rollback**',
  diverged: '⚠️ **diverged: what is live has commits that this has not**',
  same: 'the same commit again',
  unknown: 'what would ship is not known',
}

const NAMES = 30
const CHANGES = 20

/** What an approver has to know, from the facts that the approval binds to. */
export const approvalCard = (asked: Approval, page: string): string => {
  const { service, environment, tag, sha, live, direction, commits_total, compare_url, expires_at } = asked
  const lines = [
    `- Service: ${code(service, 40)} to ${code(environment, 40)}`,
    `- Version: ${code(tag, 80)} at ${code(sha.slice(0, 7))}`,
    `- Live now: ${live ? `${code(live.tag ?? 'no tag', 80)} at ${code(live.sha.slice(0, 7))}` : 'nothing'}`,
    `- Direction: ${WAY[direction]}${commits_total === 0 ? '' : `, ${link(commitsOf(commits_total), compare_url)}`}`,
    `- Who may approve: ${names(asked.approvers)} (${asked.quorum} needed${asked.approved_by.length > 0 ? `, given by ${names(asked.approved_by)}` : ''})`,
    `- Expires: ${code(expires_at, 40)}`,
    ...warningsOf(asked).map((warning) => `- ⚠️ ${code(warning, 340)}`),
  ]
  const changed = asked.changed?.slice(0, CHANGES).map((change) => `- Changed since it was last shown: ${code(change)}`)
  return [
    '🔐 **Approval needed**',
    [...lines, ...(changed ?? []), ...opinionInWords(asked).map((text) => `- ${code(text, 300)}`)].join('\n'),
    `**${link('Approve or reject here', page)}**`,
  ].join('\n\n')
}

const commitsOf = (count: number): string => (count === 1 ? '1 commit' : `${count} commits`)

const names = (people: string[]): string =>
  people.length === 0
    ? 'nobody'
    : people
        .slice(0, NAMES)
        .map((one) => code(one, 80))
        .join(', ')
