import type { Known } from './known.ts'
import type { Options, Proposal } from './proposal.ts'
import { listed, wishInWords } from './sentences.ts'
import type { Hold, Story, Wish } from './wish.ts'

export const AGAIN = 'try again'
export const BACK = 'roll back'
export const LEAVE = 'leave it'

export const ask = (question: string): Proposal => ({ intent: 'request_more_information', question })

export const askToChoose = (question: string, context: string, ...choices: string[]): Proposal => {
  const options: Options = { urgency: 'medium', format: 'multiple_choice', choices }
  return { intent: 'request_human_input', question, context, options }
}

export const askYesOrNo = (question: string, context: string): Proposal => {
  const options: Options = { urgency: 'low', format: 'yes_no', choices: [] }
  return { intent: 'request_human_input', question, context, options }
}

/** What to ask about a wish that cannot go on by itself. */
export const askAbout = (wish: Wish, hold: Hold, { known }: Story): Proposal => {
  const what = wishInWords(wish)
  switch (hold.why) {
    case 'denied':
      return askInstead(`You said no to: ${what}. What should I do instead?`, known)
    case 'expired':
      return askYesOrNo(`The approval expired before anything ran. Shall I ask again to ${what}?`, 'Nothing was run.')
    case 'unsure':
      return askYesOrNo(`I did not understand that. Shall I go on and ${what}?`, 'Nothing was run since.')
    case 'failed':
      return askAboutRun(wish, hold)
    case 'error':
      return askAboutError(wish, hold, known)
    case 'unknown':
      return ask(askMeant(wish, hold))
  }
}

const askInstead = (question: string, { agent }: Known): Proposal =>
  agent === 'rollback' ? askToChoose(question, 'Nothing was run.', AGAIN, LEAVE) : ask(question)

const askAboutRun = (wish: Wish, { status, url }: Extract<Hold, { why: 'failed' }>): Proposal => {
  const { service, tag, environment } = wish
  const how = status === 'cancelled' ? 'was cancelled' : 'failed'
  const choices = wish.do === 'rollback' ? [AGAIN, LEAVE] : [AGAIN, BACK, LEAVE]
  return askToChoose(`The run of ${service} ${tag} on ${environment} ${how}. What now?`, url, ...choices)
}

const askAboutError = (wish: Wish, { code, message }: Extract<Hold, { why: 'error' }>, known: Known): Proposal =>
  askToChoose(`I could not ${wishInWords(wish)}. What now?`, message, wayOut(wish, code, known), LEAVE)

const wayOut = ({ service, tag, environment }: Wish, code: string, { agent, environments }: Known): string => {
  const after = environments.find(({ name }) => name === environment)?.after
  if (code === 'goes_backward') return `roll back ${service} to ${tag}`
  return code === 'stage_missing' && after && agent === 'deploy' ? `deploy to ${after} first` : AGAIN
}

const askMeant = (wish: Wish, { slot, nearest }: Extract<Hold, { why: 'unknown' }>): string => {
  const [likest, ...others] = nearest
  const unknown = `There is no ${slot} ${JSON.stringify(wish[slot] ?? '')}.`
  if (likest === undefined) return `${unknown} Which one do you mean?`
  return `${unknown} Did you mean ${likest}?${others.length > 0 ? ` Others: ${listed(others)}.` : ''}`
}

/** What a wish lacks, with what is known to choose from; null: nothing. */
export const askMissing = (wish: Wish, { known }: Story): Proposal | null => {
  const places = known.environments.map(({ name }) => name)
  const slots: [keyof Wish, string, readonly string[]][] = [
    ['service', 'service', known.services],
    ['tag', 'tag', known.tags ?? []],
    ['environment', 'environment', places],
  ]
  const missing = slots.filter(([slot]) => wish[slot] === null)
  if (missing.length === 0) return null
  const offers = missing.map(([, name, names]) => `${name}${names.length > 0 ? ` (${listed(names)})` : ''}`)
  return ask(`To ${wishInWords(wish)}: which ${offers.join(' and which ')}?`)
}
