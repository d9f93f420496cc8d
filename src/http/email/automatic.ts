import type { MailIds } from '../../agent/ports.ts'
import type { Mail } from './mail.ts'

/** Why nobody wrote this; null: somebody may have. Machines that answer machines would never end (RFC 3834). */
export const automatic = (mail: Mail, ids: MailIds, ours: string): string | null => {
  const first = (name: string): string => (mail.headers(name)[0] ?? '').toLowerCase()
  if (mail.message_id !== null && ids.read(mail.message_id)) return 'it is a mail of ours'
  if (mail.from === addressIn(ours)) return 'it is from our own address'
  if (mail.headers('return-path').some((path) => /^<\s*>$/.test(path))) return 'a bounce'
  if (/^(mailer-daemon|postmaster|no-?reply|do-?not-?reply)[@+]/.test(mail.from ?? '')) return 'a machine sent it'
  if (/^multipart\/report\b/.test(first('content-type'))) return 'a report'
  if (!/^(no\b|$)/.test(first('auto-submitted'))) return 'Auto-Submitted'
  if (/^(bulk|list|junk|auto[_-]reply)\b/.test(first('precedence'))) return 'Precedence'
  if (!/^(none\b|$)/.test(first('x-auto-response-suppress'))) return 'X-Auto-Response-Suppress'
  if (mail.headers('x-autoreply').length + mail.headers('x-autorespond').length > 0) return 'X-Autoreply'
  return ABSENT.test(mail.subject) ? 'the subject of an automatic reply' : null
}

// What mail servers that set none of these headers write there, in the languages of our readers.
const ABSENT =
  /^\s*(automatic reply|auto(matic)?[- ]?(reply|response)|out of (the )?office|automatische antwort|abwesenheitsnotiz|réponse automatique|absence du bureau)\b/i

/** The address alone, of `Deploybot <bot@acme.test>`. */
export const addressIn = (from: string): string => (/<([^<>]+)>\s*$/.exec(from)?.[1] ?? from).trim().toLowerCase()
