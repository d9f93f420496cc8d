import type { KnownBlock, MrkdwnElement } from '@slack/web-api'
import type { SlackTarget } from '../../agent/ports.ts'
import { type Asked, approvalsIn } from '../../thread/contact/question.ts'
import { opinionInWords } from '../../thread/doubt.ts'
import { tagInWords } from '../../thread/text.ts'
import { approvalControls } from './controls.ts'
import { code, date, link, mrkdwn, names, plain, section } from './mrkdwn.ts'
import { headOf, newsLines } from './news.ts'
import { shipsSections } from './ships.ts'

export type Approval = Extract<Asked['asked'], { kind: 'approval' }>

const WHAT: Record<Approval['intent'], string> = {
  deploy_backend: 'Deploy',
  deploy_frontend: 'Deploy',
  deploy_service: 'Deploy',
  rollback: 'Roll back',
  run_tests: 'Test',
  open_gate: 'Let on',
}

const WAY: Record<Approval['direction'], string> = {
  first: 'the first deployment there',
  forward: 'forward',
  backward: '⏪ *BACKWARD: a rollback*',
  diverged: '⚠️ *DIVERGED: what is live has commits that this has not*',
  same: 'the same commit again',
  unknown: '⚠️ *what would ship is not known*',
}

const LOUD: Approval['direction'][] = ['backward', 'diverged', 'unknown']

/** What would happen, in one line of plain words. */
export const wouldDo = ({ intent, service, environment, tag, sha }: Approval): string =>
  `${WHAT[intent]} ${service} ${tagInWords(tag)} (${sha.slice(0, 7)}) ${intent === 'run_tests' ? 'on' : 'to'} ${environment}`

interface Around {
  page: string
  target: SlackTarget
  asked_by: string[]
}

/** What an approver has to know, from the facts that the approval binds to, and where to say yes or no while that counts. */
export const approvalCard = (question: Asked, asked: Approval, { page, target, asked_by }: Around): KnownBlock[] => {
  const { service, environment, direction, blocked } = asked
  const loud = LOUD.includes(direction)
  const needed = direction === 'backward' ? '⏪ ROLLBACK' : loud ? '⚠️ Approval needed' : '🔐 Approval needed'
  const head = question.open ? needed : headOf(question.news)
  const news = newsLines(question)
  const yes = {
    would: wouldDo(asked),
    loud,
    overrides: blocked !== undefined,
    onPage: asked.fresh_sign_in_seconds !== undefined,
    begun: approvalsIn(question.news) > 0,
  }
  const controls = approvalControls(target, yes, page)
  return [
    { type: 'header', text: plain(`${head}: ${service} → ${environment}`, 150) },
    { type: 'section', fields: fieldsOf(asked, asked_by) },
    ...warnings(asked, page),
    ...shipsSections(asked),
    ...(news.length > 0 ? [section(...news)] : []),
    ...(question.open ? [controls] : []),
  ]
}

const fieldsOf = (asked: Approval, asked_by: string[]): MrkdwnElement[] => {
  const {
    intent,
    tag,
    sha,
    live,
    direction,
    commits_total,
    compare_url,
    quorum,
    approvers,
    expires_at,
    workflow,
    gate,
  } = asked
  const count = commits_total === 1 ? '1 commit' : `${commits_total} commits`
  const compared = commits_total === 0 ? '' : `, ${link(count, compare_url)}`
  const fields = [
    `*Version*\n${code(tagInWords(tag), 80)} at ${code(sha.slice(0, 7))}`,
    `*Live now*\n${live ? `${code(live.tag ?? 'no tag', 80)} at ${code(live.sha.slice(0, 7))}` : 'nothing'}`,
    `*Direction*\n${WAY[direction]}${compared}`,
    `*Runs*\n${code(workflow, 80)} (${WHAT[intent].toLowerCase()})`,
    ...(asked_by.length > 0 ? [`*Asked by*\n${names(asked_by)}`] : []),
    `*Who may approve*\n${names(approvers)}${quorum > 1 ? `; *${quorum} of them*` : ''}${asked.fresh_sign_in_seconds === undefined ? '' : '; on the page, after signing in anew'}`,
    `*Expires*\n${date(expires_at)}`,
    ...(gate ? [`*Waits at the gate*\n${link('the run', gate.html_url)} of ${code(gate.title, 80)}`] : []),
    ...(gate?.requested_by ? [`*Started by*\n${code(gate.requested_by, 60)} (${code(gate.event, 40)})`] : []),
  ]
  return fields.map(mrkdwn)
}

const CHANGES = 10

/** What must not be overlooked. */
const warnings = (
  { blocked = [], break_glass = [], changed = [], busy, stage, gate, ...opinion }: Approval,
  page: string,
): KnownBlock[] => {
  const held = busy && link('another thread', new URL(busy.thread_id, page).href)
  const lines = [
    ...blocked.map(({ message }) => `🚧 *A yes overrides:* ${code(message, 300)}`),
    ...(blocked.length > 0 ? [`Only ${names(break_glass)} may override that, saying why.`] : []),
    ...changed.slice(0, CHANGES).map((change) => `🔁 *Changed since it was last shown:* ${code(change)}`),
    ...(changed.length > CHANGES ? [`🔁 … and ${changed.length - CHANGES} more changes`] : []),
    ...(stage && !stage.succeeded ? [`⚠️ It has not succeeded on ${code(stage.environment, 40)}`] : []),
    ...opinionInWords(opinion).map((text) => `🤔 ${code(text, 300)}`),
    ...(held ? [`⏳ ${held} deploys there now; after a yes this waits its turn`] : []),
    ...(gate?.commit_by === 'inputs' ? ['⚠️ By its inputs this run may deploy another commit than its own'] : []),
  ]
  return lines.length > 0 ? [section(...lines)] : []
}
