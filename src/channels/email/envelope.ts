import type { MailIds } from '../../agent/ports.ts'
import type { Json } from '../../thread/event.ts'
import type { ByMail } from './compose.ts'
import { oneLine } from './letter.ts'

/** What a mail is called and what it follows, so that mail programs show one conversation. */
export interface Envelope {
  subject: string
  message_id: string
  in_reply_to: string | null
  references: string[]
}

// RFC 5322 asks for lines of at most 998 characters, and no mail program looks further back than this.
const REFERENCES = 10
const SUBJECT = 150

/** A reply to what we wrote there before, else to the mail that the thread began with, else a conversation of its own. */
export const envelopeOf = (notice: ByMail, ids: MailIds): Envelope => {
  const { thread_id, seq, kind, question, address } = notice
  const { to, subject, in_reply_to, references = [] } = address.email
  const before = earlier(notice.ref)
  // Nobody ever got a mail of this name: it is the common root of all that are about this thread, however many of them are lost.
  const root = ids.mint({ thread_id, seq: 0 }, 'root')
  const followed = before
    ? [...before.references, before.message_id]
    : [...references, ...(in_reply_to === undefined ? [] : [in_reply_to]), root]
  return {
    subject: subjectOf(notice, before?.subject ?? subject),
    message_id: ids.mint({ thread_id, seq: question?.seq ?? 0 }, `${kind} ${seq} ${to.toLowerCase()}`),
    in_reply_to: before?.message_id ?? in_reply_to ?? null,
    references: [...new Set(followed.filter(isMessageId))].slice(-REFERENCES),
  }
}

/** What `deliver` answered when it was last told about the same. */
export const refOf = ({ subject, message_id, references }: Envelope): Json => ({ message_id, subject, references })

const earlier = (ref: Json | null) => {
  if (ref === null || typeof ref !== 'object' || Array.isArray(ref)) return null
  const { message_id, subject, references } = ref
  if (typeof message_id !== 'string' || typeof subject !== 'string' || !Array.isArray(references)) return null
  return { message_id, subject, references: references.filter((one) => typeof one === 'string') }
}

const isMessageId = (id: string): boolean => /^<[^<>\s]{1,250}>$/.test(id)

const subjectOf = ({ question, story }: ByMail, before: string | undefined): string => {
  const known = before === undefined ? '' : oneLine(before, SUBJECT)
  if (known !== '') return /^re:/i.test(known) ? known : `Re: ${known}`
  const asked = question?.asked
  if (asked?.kind !== 'approval') return `[deploybot] ${oneLine(story.title, 80)}`
  return `[deploybot] approve ${oneLine(asked.service, 40)} ${oneLine(asked.tag, 80)} → ${oneLine(asked.environment, 40)}`
}
