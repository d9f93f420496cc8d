import { AGAIN, ask, askAbout, askMissing, askToChoose, askYesOrNo, LEAVE } from './ask.ts'
import { type Known, liveAt } from './known.ts'
import type { Proposal } from './proposal.ts'
import { comparisonInWords, helpOf, leftInWords, liveInWords, summary, tagsInWords, wishInWords } from './sentences.ts'
import type { Story, Wish } from './wish.ts'

const ERRORS_IN_A_ROW = 2

/** The one next step. The first rule that has something to say says it. */
export const plan = (story: Story): Proposal =>
  afterErrors(story) ?? answer(story) ?? pause(story) ?? work(story) ?? finish(story)

const afterErrors = ({ errors }: Story): Proposal | null => {
  if (errors.length < ERRORS_IN_A_ROW) return null
  return askToChoose('This keeps failing. What now?', errors.at(-1)?.message ?? '', AGAIN, LEAVE)
}

const pause = ({ pause: seconds }: Story): Proposal | null =>
  seconds === null ? null : { intent: 'wait', seconds: Math.max(1, Math.round(seconds)), reason: 'asked to wait' }

/** Tells what was asked, and then asks whether to go on with what was under way. */
const answer = (story: Story): Proposal | null => {
  const said = answerOrLookUp(story)
  if (said === null || typeof said !== 'string') return said
  const [wish] = story.open
  if (wish) return askYesOrNo(`Shall I go on and ${wishInWords(wish)}?`, said)
  return story.asks?.what === 'help' ? ask(said) : { intent: 'done_for_now', message: said }
}

const answerOrLookUp = (story: Story): Proposal | string | null => {
  switch (story.asks?.what) {
    case undefined:
      return null
    case 'help':
      return helpOf(story.known)
    case 'live':
      return story.known.live ? liveInWords(story) : { intent: 'check_deployment_status' }
    case 'tags':
      return story.known.tags ? tagsInWords(story.known) : { intent: 'list_git_tags' }
    case 'compare':
      return story.compared ? comparisonInWords(story.compared) : compare(story)
  }
}

/** Two tags are compared with each other; otherwise what is live with the tag that is named or newest. */
const compare = ({ known, asks, open: [wish] }: Story): Proposal | string => {
  const [one, other] = asks?.tags ?? []
  if (one && other) return { intent: 'compare_commits', base: resolved(one, known), head: resolved(other, known) }
  if (!known.live) return { intent: 'check_deployment_status' }
  const places = known.environments.map(({ name }) => name)
  const place = asks?.environment ?? wish?.environment ?? places.at(-1) ?? ''
  const services = asks?.service ?? wish?.service
  const service = services ?? known.services.find((name) => liveAt(known, name, place)) ?? ''
  const live = liveAt(known, service, place)
  if (!live) return `Nothing is live on ${place} yet, so everything would ship.`
  const head = one ?? wish?.tag ?? 'latest'
  if (head === 'latest' && !known.tags) return { intent: 'list_git_tags' }
  return { intent: 'compare_commits', base: live.what, head: resolved(head, known) }
}

const resolved = (tag: string, { tags }: Known): string => (tag === 'latest' ? (tags?.[0] ?? tag) : tag)

const work = (story: Story): Proposal | null => {
  const [wish] = story.open
  if (!wish) return null
  if (wish.hold) return askAbout(wish, wish.hold, story)
  const { tags } = story.known
  if (!tags && (wish.tag === null || wish.tag === 'latest')) return { intent: 'list_git_tags' }
  const isNone = wish.tag === 'latest' && tags?.length === 0
  return askMissing(isNone ? { ...wish, tag: null } : wish, story) ?? propose(wish, story.known)
}

const propose = ({ do: act, service, tag, environment }: Wish, known: Known): Proposal => {
  const where = { tag: resolved(tag ?? '', known), environment: environment ?? '' }
  const name = service ?? ''
  if (act === 'rollback') return { intent: 'rollback', service: name, ...where }
  if (name === 'backend') return { intent: 'deploy_backend', ...where }
  if (name === 'frontend') return { intent: 'deploy_frontend', ...where }
  return { intent: 'deploy_service', service: name, ...where }
}

const finish = ({ known, done, left, ending }: Story): Proposal => {
  const stopped = ending === 'stopped' ? ['Stopped, as you asked.'] : []
  const thanks = ending === 'thanks' ? ['You are welcome.'] : []
  const did = [...(done.length > 0 ? [summary(done)] : []), ...(left.length > 0 ? [leftInWords(left)] : [])]
  const message = [...stopped, ...did, ...thanks].join(' ')
  return message === '' ? ask(helpOf(known)) : { intent: 'done_for_now', message }
}
