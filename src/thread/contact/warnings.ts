import type { Asked } from './question.ts'

type Approval = Extract<Asked['asked'], { kind: 'approval' }>

/** What an approver must not overlook, beside which way it goes: a sentence each, in words of ours and GitHub's. */
export const warningsOf = ({ blocked = [], break_glass = [], stage, gate, busy }: Approval): string[] => [
  ...blocked.map(({ message }) => `A yes overrides: ${message}`),
  ...(blocked.length > 0 ? [`Only ${break_glass.join(', ') || 'nobody'} may override that, saying why.`] : []),
  ...(stage && !stage.succeeded ? [`It has not succeeded on ${stage.environment}.`] : []),
  ...(gate?.commit_by === 'inputs' ? ['By its inputs this run may deploy another commit than its own.'] : []),
  ...(busy ? ['Another thread deploys there now; after a yes this waits its turn.'] : []),
]
