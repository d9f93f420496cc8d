import type { Decision, Label } from '../../thread/replay/calls.ts'
import { clean, firstLine } from '../../thread/text.ts'
import { columns } from '../columns.ts'
import type { Replay } from './model.ts'
import type { PolicyReplay } from './policy.ts'

const WIDEST = 70

/** What other rules would have done, for a terminal. */
export const policyInWords = ({ deployments, blocked }: PolicyReplay): string => {
  const said = `These rules would have blocked ${blocked.length} of the last ${deployments} deployments.`
  if (blocked.length === 0) return said
  const rows = blocked.map(({ at, thread_id, intent, service, environment, tag, why }) => [
    minute(at),
    thread_id,
    plain(`${intent} ${service} ${tag} ${environment}`),
    plain(why.join('; '), 2 * WIDEST),
  ])
  return `${said}\n\n${columns([['STARTED', 'THREAD', 'WHAT', 'WHY'], ...rows])}`
}

/** What another prompt or model would have decided, for a terminal: each that changed, side by side. */
export const replayInWords = (replay: Replay): string => {
  const { calls, unanswered, left, agreement, input_tokens, output_tokens } = replay
  const changed = calls.filter((call) => call.changed)
  const rows = changed.map(({ at, thread_id, seq, before, after, label, agreed }) => [
    minute(at),
    `${thread_id}:${seq}`,
    plain(decisionInWords(before)),
    plain(decisionInWords(after)),
    plain(label ? `${labelInWords(label)}${verdict(agreed)}` : '-'),
  ])
  return [
    `${changed.length} of ${calls.length} decisions would change${left > 0 ? `; ${left} calls were left out (--limit)` : ''}.`,
    `Agreement with people: before ${agreement.before} of ${agreement.of}, after ${agreement.after} of ${agreement.of}.`,
    `${input_tokens} tokens in, ${output_tokens} out${unanswered > 0 ? `; ${unanswered} calls got no answer` : ''}.`,
    ...(rows.length === 0 ? [] : ['', columns([['ASKED', 'THREAD:SEQ', 'BEFORE', 'AFTER', 'PEOPLE'], ...rows])]),
  ].join('\n')
}

const verdict = (agreed: { before: boolean; after: boolean } | null): string => {
  if (!agreed || agreed.before === agreed.after) return ''
  return agreed.after ? ' (better)' : ' (worse)'
}

const decisionInWords = (decision: Decision): string => {
  if ('code' in decision) return `no step: ${decision.code}`
  const { intent, ...args } = decision.step
  return [
    intent,
    ...Object.values(args).map((value) => (typeof value === 'string' ? value : JSON.stringify(value))),
  ].join(' ')
}

/** What people made of a step. */
export const labelInWords = (label: Label): string => {
  switch (label.people) {
    case 'approved':
      return `approved by ${label.by.join(', ')}`
    case 'rejected':
      return `rejected by ${label.by}${label.comment === '' ? '' : `: ${label.comment}`}`
    case 'edited':
      return `edited by ${label.by} into ${decisionInWords({ step: label.into as never })}`
  }
}

const minute = (at: string): string => at.slice(0, 16).replace('T', ' ')

/** People, models and repositories wrote these words: one line each, and nothing in them that steers the terminal. */
const plain = (text: string, widest = WIDEST): string => firstLine(clean(text.replaceAll('\n', ' '), widest))
