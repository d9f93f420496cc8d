import type { WriteIntent } from '../step.ts'
import type { Facts } from './github.ts'

/** Facts that became a question: what is shown is what `args_hash` covers is what runs. */
export interface Proposal extends Facts {
  to: number
  intent: WriteIntent
  args_hash: string
  policy_version: string
  expires_at: string
}

export interface Approvers {
  quorum: number
  approvers: string[]
  self_approval: boolean
}

/** `message`: people spoke since · `edit`: other arguments were asked for · `drift`: the world changed since it was shown. */
export type SupersededBy = 'message' | 'edit' | 'drift'

export type ApprovalFact =
  | { type: 'approval_requested'; data: Proposal & Approvers & { changed?: string[] } }
  | { type: 'approval_waived'; data: Proposal & { reason: string } }
  | { type: 'approval_given'; data: { to: number; args_hash: string; comment?: string } }
  | { type: 'approval_denied'; data: { to: number; comment: string } }
  | { type: 'approval_expired'; data: { to: number } }
  | { type: 'approval_superseded'; data: { to: number; reason: SupersededBy; changed?: string[] } }
