import type { WriteIntent } from '../step.ts'
import type { Opinion } from './call.ts'
import type { Facts } from './github.ts'
import type { Block, Holder } from './guard.ts'

/** Facts that became a question: what is shown is what `args_hash` covers is what runs. */
export interface Proposal extends Facts {
  to: number
  intent: WriteIntent
  args_hash: string
  policy_version: string
  expires_at: string
  /** What stands against it, and is to be overridden. */
  blocked?: Block[]
}

export interface Approvers {
  quorum: number
  approvers: string[]
  self_approval: boolean
  /** Those among the approvers whose commits it ships, where policy lets nobody approve their own. */
  authors?: string[]
  /** A yes counts on the page only, from whoever signed in at most so long ago. */
  fresh_sign_in_seconds?: number
  /** Who may override what it is blocked by: one of the approvals must be theirs. */
  break_glass?: string[]
}

/** `message`: people spoke since · `edit`: other arguments were asked for · `drift`: the world changed since it was shown. */
export type SupersededBy = 'message' | 'edit' | 'drift'

export type ApprovalFact =
  // `busy`: who deploys there at this moment; an approved step awaits its turn.
  | { type: 'approval_requested'; data: Proposal & Approvers & Opinion & { changed?: string[]; busy?: Holder } }
  | { type: 'approval_waived'; data: Proposal & { reason: string } }
  // `signed_in_at`: where policy wants a fresh sign-in, when that was.
  | { type: 'approval_given'; data: { to: number; args_hash: string; comment?: string; signed_in_at?: string } }
  // A change of mind, while others are still asked.
  | { type: 'approval_withdrawn'; data: { to: number; comment?: string } }
  | { type: 'approval_denied'; data: { to: number; comment: string } }
  | { type: 'approval_expired'; data: { to: number } }
  // `by`, `comment`: who edited it, and why; not in logs from before.
  | {
      type: 'approval_superseded'
      data: { to: number; reason: SupersededBy; changed?: string[]; by?: string; comment?: string }
    }
