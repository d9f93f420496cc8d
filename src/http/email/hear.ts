import type { FastifyBaseLogger } from 'fastify'
import type { MailAbout, MailIds, TakenOnce } from '../../agent/ports.ts'
import type { Actor } from '../../thread/event.ts'
import { fold } from '../../thread/evolve.ts'
import { Refused, type Request } from '../../thread/input.ts'
import type { AppDeps } from '../deps.ts'
import { ignored, type Reply, told } from '../github/heard.ts'
import { sha256 } from '../once.ts'
import { automatic } from './automatic.ts'
import { approvalBy } from './code.ts'
import type { Mail } from './mail.ts'
import type { MailIn } from './mail-in.ts'
import { newWords } from './reply-text.ts'
import { claimIn, isAllowed, writerOf } from './sender.ts'

type Deps = Pick<AppDeps, 'door' | 'log' | 'listing' | 'policy'> & { mailIn: MailIn; logger: FastifyBaseLogger }

/** A mail that is heard. */
interface Heard {
  mail: Mail
  words: string
  actor: Actor
}

const WORDS = 20_000

/**
 * What a mail does: its words go into the thread that it replies to, or launch one. Words, whoever sent it: nothing approves
 * but a code, where policy has such.
 * Whatever is not heard is told to the log, and to nobody else: an answer to a forged sender would go to somebody who never wrote.
 */
export const hearMail = async (mail: Mail | null, deps: Deps): Promise<Reply> => {
  const { mailIn, policy, logger } = deps
  if (mail === null) return refuse('it cannot be read', {}, logger)
  const about = aboutOf(mail, mailIn.ids)
  const named = { from: mail.from, thread_id: about?.thread_id }
  const why = automatic(mail, mailIn.ids, mailIn.from)
  if (why !== null) return refuse(why, named, logger)
  if (!isAllowed(mail.from, policy)) return refuse('not a sender whom we hear', named, logger)
  const words = told(newWords(await mail.text()), WORDS).trim()
  if (words === '' && (about || mail.subject === '')) return refuse('there are no words in it', named, logger)
  const heard = { mail, words, actor: await writerOf(mail, deps) }
  try {
    return about ? await reply(about, heard, deps) : await launch(heard, deps)
  } catch (error) {
    // Sent again it would be refused again.
    if (!(error instanceof Refused)) throw error
    logger.warn({ thread_id: about?.thread_id, code: error.code }, 'mail refused')
    return ignored(error.code)
  }
}

const refuse = (reason: string, named: object, logger: FastifyBaseLogger): Reply => {
  logger.info({ ...named, reason }, 'mail refused')
  return ignored(reason)
}

/** The newest of our mails that this one answers. */
const aboutOf = ({ in_reply_to, references }: Mail, ids: MailIds): MailAbout | null => {
  for (const id of [...in_reply_to, ...references.toReversed()]) {
    const about = ids.read(id)
    if (about) return about
  }
  return null
}

const launch = async (heard: Heard, { door, logger, policy }: Deps): Promise<Reply> => {
  const { mail, words, actor } = heard
  const claimed = claimIn(mail, words, policy)
  if (claimed !== null && mail.from !== null) {
    const identity = { email: mail.from }
    const [first] = await door.launch({ type: 'link', identity, person: claimed, actor }, onceFor(heard))
    logger.info({ thread_id: first?.thread_id }, 'mail says who somebody is')
    return { ok: true }
  }
  const { subject, from, message_id, references } = mail
  const message = [subject, words].filter((part) => part !== '').join('\n\n')
  const email = {
    // Not where Reply-To points: facts go to the address that we know, not to one that the mail names.
    to: from ?? '',
    ...(subject === '' ? {} : { subject }),
    ...(message_id === null ? {} : { in_reply_to: message_id, references: references.slice(-REFERENCES) }),
  }
  const asked = { type: 'launch', agent: 'deploy', message, actor, reply_to: { email } } as const
  const [first] = await door.launch(asked, onceFor(heard))
  logger.info({ thread_id: first?.thread_id }, 'mail launched a thread')
  return { ok: true }
}

const REFERENCES = 10

const reply = async (about: MailAbout, heard: Heard, deps: Deps): Promise<Reply> => {
  const { mail, words, actor } = heard
  const { door, logger } = deps
  const approval = await approvalBy(about, mail, words, deps)
  if (approval) {
    await door.handle(about.thread_id, approval.request, { ...onceFor(heard), also: approval.used })
    logger.info({ thread_id: about.thread_id, as: 'approval by code' }, 'mail heard')
    return { ok: true }
  }
  const said: Request = { type: 'message', message: words, actor }
  const answer = await answerIn(about, words, actor, deps)
  try {
    await door.handle(about.thread_id, answer ?? said, onceFor(heard))
  } catch (error) {
    // Somebody else answered in this moment: the words are words still.
    if (!(answer && error instanceof Refused)) throw error
    await door.handle(about.thread_id, said, onceFor(heard))
  }
  logger.info({ thread_id: about.thread_id, as: answer ? 'answer' : 'words' }, 'mail heard')
  return { ok: true }
}

/** The words as the answer to what that mail asked, where it is still open and words may answer it. */
const answerIn = async (
  { thread_id, seq }: MailAbout,
  words: string,
  actor: Actor,
  { log }: Deps,
): Promise<Request | null> => {
  const state = fold((await log.load(thread_id)).events)
  // What became of a dispatch (`run`) is for an approver to settle, signed in.
  if (state?.status !== 'awaiting_human' || state.question.seq !== seq || state.question.run) return null
  const choice = state.question.options.choices.find((one) => same(one, words))
  return { type: 'respond', to: seq, actor, ...(choice === undefined ? { response: words } : { choice }) }
}

const same = (choice: string, words: string): boolean => bare(choice) === bare(words)
const bare = (text: string): string => text.trim().toLowerCase().replace(/[.!]$/, '')

/** A mail is known by its own name, however often and by whatever way it comes; without one by what it says. */
const onceFor = ({ mail: { message_id, from, subject }, words }: Heard): TakenOnce => {
  const id = sha256(message_id ?? `${from}\n${subject}\n${words}`)
  return { source: 'email', id, body_hash: id, answer: () => ({ status: 200, body: { ok: true } }) }
}
