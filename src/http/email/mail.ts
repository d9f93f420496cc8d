import type { AddressObject, ParsedMail } from 'mailparser'
import { told } from '../github/heard.ts'

/** A mail that came in, as far as we read it. Nothing in it is known to be true, its sender least of all. */
export interface Mail {
  /** With its angle brackets; null: it bears no name. */
  message_id: string | null
  /** The one address that it claims to be from, in lower case; null: none, or several. */
  from: string | null
  subject: string
  in_reply_to: string[]
  references: string[]
  /** Its words; of a mail that is HTML only, those that are seen. That costs time: look first whether the sender is heard. */
  text(): Promise<string>
  /** All headers of that name, top first, unfolded. Given in lower case. */
  headers(name: string): string[]
}

// Beyond what people write, and what takes long to read: 300 KB of marks take 0.3 s, a thousand nested quotes 1.3 s.
const HTML = 300_000
const QUOTES = 100
const WORDS = 100_000
const SUBJECT = 200
const REFERENCES = 50

const OPTIONS = { skipTextToHtml: true, skipImageLinks: true, skipTextLinks: true, maxHtmlLengthToParse: HTML }

/** Reads raw MIME; null: it cannot be read. A mail that was cut short is read as far as it goes: its words come before what is attached. */
export const parseMail = async (raw: Buffer | string): Promise<Mail | null> => {
  const parsed = await read(raw, true)
  if (parsed === null) return null
  const headers = (name: string): string[] =>
    parsed.headerLines.filter(({ key }) => key === name).map(({ line }) => unfolded(line))
  return {
    message_id: idsIn(headers('message-id').join(' '))[0] ?? null,
    from: senderOf(parsed, headers('from').length),
    subject: told(parsed.subject ?? '', SUBJECT)
      .replace(/\s+/g, ' ')
      .trim(),
    in_reply_to: idsIn(headers('in-reply-to').join(' ')),
    references: idsIn(headers('references').join(' ')),
    text: async () => (await textOf(parsed, raw)).slice(0, WORDS),
    headers,
  }
}

const read = async (raw: Buffer | string, skipHtmlToText: boolean): Promise<ParsedMail | null> => {
  try {
    // Loaded with the first mail: 0.13 s of every start otherwise.
    const { simpleParser } = await import('mailparser')
    return await simpleParser(raw, { ...OPTIONS, skipHtmlToText })
  } catch {
    // Its parser gives up on what no mail program makes, as tens of thousands of parts.
    return null
  }
}

const textOf = async ({ text = '', html }: ParsedMail, raw: Buffer | string): Promise<string> => {
  if (text.trim() !== '' || typeof html !== 'string') return text
  if ((html.match(/<blockquote/gi)?.length ?? 0) > QUOTES) return ''
  return (await read(raw, false))?.text ?? ''
}

/** A mail of which somebody else tells; what they do not tell is not there. */
export const mailTold = (by: { from: string; subject: string; text: string; message_id: string | null }): Mail => ({
  message_id: idsIn(by.message_id ?? '')[0] ?? null,
  from: by.from.trim().toLowerCase() || null,
  subject: told(by.subject, SUBJECT).replace(/\s+/g, ' ').trim(),
  in_reply_to: [],
  references: [],
  text: async () => by.text.slice(0, WORDS),
  headers: () => [],
})

const unfolded = (line: string): string =>
  line
    .slice(line.indexOf(':') + 1)
    .replace(/\r?\n/g, '')
    .trim()

/** Names of mails (`<…@…>`), at most fifty. */
const idsIn = (text: string): string[] =>
  [...text.slice(0, 20_000).matchAll(/<[^<>\s]{1,250}>/g)].slice(0, REFERENCES).map(([id]) => id)

/** Programs differ in which of several senders they show: of such a mail none is taken. */
const senderOf = ({ from }: ParsedMail, count: number): string | null => {
  const all = (from as AddressObject | undefined)?.value ?? []
  const [first] = all
  if (count !== 1 || all.length !== 1 || !first?.address) return null
  return told(first.address.toLowerCase(), 320)
}
