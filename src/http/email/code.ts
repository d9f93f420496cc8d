import { type MailAbout, TakenBefore, type TakenOnce } from '../../agent/ports.ts'
import { whoIs } from '../../thread/contact/who.ts'
import { fold } from '../../thread/evolve.ts'
import type { Request } from '../../thread/input.ts'
import type { AppDeps } from '../deps.ts'
import { sha256 } from '../once.ts'
import { isVouched } from './authentication.ts'
import type { Mail } from './mail.ts'
import type { MailIn } from './mail-in.ts'

type Deps = Pick<AppDeps, 'log' | 'policy'> & { mailIn: MailIn }

/**
 * An approval by code, where policy has codes for that environment: the words are nothing but the code that was sent to this very
 * person, minutes ago, for this very step. Whoever has it has read their mailbox; their address must be the sender's too, vouched for
 * where a server is named that vouches. Null: it is none, so the words are words.
 */
export const approvalBy = async (
  { thread_id, seq }: MailAbout,
  mail: Mail,
  words: string,
  { log, policy, mailIn }: Deps,
): Promise<{ request: Request; used: NonNullable<TakenOnce['also']> } | null> => {
  const person = whoIs({ email: mail.from }, policy)
  const { codes } = mailIn
  if (!codes || person === null) return null
  if (policy.email?.authserv_id !== undefined && !isVouched(mail, policy.email.authserv_id)) return null
  // A code counts once, also where its approval was taken back since: what is kept of it is this.
  const id = sha256(thread_id, String(seq), person, words.toUpperCase().replace(/[\s-]/g, ''))
  const used = { source: 'email code', id, body_hash: id }
  const before = await log.taken(used)
  if (before) throw new TakenBefore(before)
  const { events, now } = await log.load(thread_id)
  const state = fold(events)
  if (state?.status !== 'awaiting_approval' || state.request.seq !== seq) return null
  if (!policy.environments[state.request.environment]?.email_code) return null
  const bound = { thread_id, seq, person, args_hash: state.request.args_hash }
  if (!codes.fits(bound, words, now)) return null
  const actor = { kind: 'person', id: person, via: 'email code' } as const
  return { request: { type: 'respond', to: seq, approved: true, actor }, used }
}
