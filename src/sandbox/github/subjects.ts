import type { RunStatus } from './state.ts'

/** What a delivery is about; its body is rendered when it is sent, the same bytes each time. */
export type Subject =
  | RunSubject
  | GateSubject
  | PullSubject
  | PushSubject
  | RefSubject
  | CommentSubject
  | InstallationSubject
  | Ping

export type RunSubject =
  | { event: 'workflow_run'; run: number; attempt?: number; action: 'requested' | 'in_progress' | 'completed' }
  | { event: 'workflow_job'; run: number; attempt?: number; job?: 'claim'; action: RunStatus }
  | { event: 'deployment_status'; run: number; attempt?: number; deployment: number; status: number; action: 'created' }

/** A run stands before a gated environment, and whoever keeps the gate is asked. */
export interface GateSubject {
  event: 'deployment_protection_rule'
  action: 'requested'
  run: number
  deployment: number
  environment: string
}

export interface PullSubject {
  event: 'pull_request'
  action: 'opened' | 'closed'
  pull: number
  by: string
}

/** A ref came to be (`before` is all zeros), moved, or went (`after` is). `forced`: what was there before is not below what is there now. */
export interface PushSubject {
  event: 'push'
  ref: string
  before: string
  after: string
  forced: boolean
  by: string
}

export interface RefSubject {
  event: 'create' | 'delete'
  ref: string
  ref_type: 'branch' | 'tag'
  by: string
}

/** Something was written under a pull request, or changed there. */
export interface CommentSubject {
  event: 'issue_comment'
  action: 'created' | 'edited'
  comment: number
}

export interface InstallationSubject {
  event: 'installation'
  action: 'created' | 'deleted' | 'suspend' | 'unsuspend'
  at: number
}

export interface Ping {
  event: 'ping'
}

export interface DeliveryRecord {
  id: number
  guid: string
  subject: Subject
  /** `pending`: owed to the receiver, also after a crash. */
  outcome: 'pending' | 'sent' | 'failed' | 'skipped'
  status_code: number
  at: number
  redelivery: boolean
}

/** What happened to the subject; a push and a ping have no action. */
export const actionOf = (subject: Subject): string | null => ('action' in subject ? subject.action : null)
