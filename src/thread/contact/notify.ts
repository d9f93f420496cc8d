import type { Contact, DeployResult, Event } from '../event.ts'
import { isResult } from '../event.ts'
import type { Policy } from '../policy.ts'
import { runOf, type ThreadState } from '../state.ts'
import { type Address, keyOf } from './address.ts'

export const NOTICES = ['launched', 'waiting', 'started', 'succeeded', 'failed', 'rolled_back'] as const
export type NoticeKind = (typeof NOTICES)[number]

/** Who wants to hear of what, wherever it was asked for. */
export interface NotifyRule {
  address: Address
  on: NoticeKind[]
  /** Without: all of them. */
  services?: string[]
  environments?: string[]
}

interface Happened {
  kind: NoticeKind
  service: string | null
  environment: string | null
}

/** Whoever, by the team's rules, is to hear of this event. `state`: what it has led to. */
export const listeners = (event: Event, state: ThreadState, { notify = [] }: Policy): Contact[] => {
  const happened = notify.length === 0 ? null : whatHappened(event, state)
  if (happened === null) return []
  const heard = notify.filter((rule) => concerns(rule, happened)).map(({ address }) => ({ address, person: null }))
  return heard.filter(({ address }, i) => heard.findIndex((other) => keyOf(other.address) === keyOf(address)) === i)
}

const concerns = ({ on, services, environments }: NotifyRule, { kind, service, environment }: Happened): boolean =>
  on.includes(kind) && isOf(services, service) && isOf(environments, environment)

const isOf = (named: string[] | undefined, one: string | null): boolean =>
  named === undefined || (one !== null && named.includes(one))

const NOWHERE = { service: null, environment: null }

const whatHappened = (event: Event, state: ThreadState): Happened | null => {
  if (isResult(event)) return ended(event.type, event.data)
  switch (event.type) {
    case 'thread_launched':
      return { kind: 'launched', ...NOWHERE }
    case 'approval_requested': {
      const { service, environment } = event.data
      return { kind: 'waiting', service, environment }
    }
    case 'request_human_input':
    case 'request_more_information':
    case 'escalated':
    case 'dispatch_unknown':
      return { kind: 'waiting', ...(runOf(state)?.proposal ?? NOWHERE) }
    case 'tool_started': {
      const proposal = runOf(state)?.proposal
      // Tests change nothing: whoever waits for news waits for other news.
      if (!proposal || proposal.intent === 'run_tests') return null
      return { kind: 'started', service: proposal.service, environment: proposal.environment }
    }
    default:
      return null
  }
}

const ended = (type: Event['type'], { status, service, environment }: DeployResult): Happened | null => {
  if (status !== 'success') return { kind: 'failed', service, environment }
  if (type === 'run_tests_result') return null
  return { kind: type === 'rollback_result' ? 'rolled_back' : 'succeeded', service, environment }
}
