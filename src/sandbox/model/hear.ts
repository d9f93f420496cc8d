import { amend, beginAnew, HELP, putFirst } from './amend.ts'
import { leave, onlyBack } from './back.ts'
import { checked } from './settle.ts'
import type { Heard } from './understand.ts'
import { held, released, type Story } from './wish.ts'

/** What a person's words change. */
export const hear = (story: Story, heard: Heard): Story => {
  if (heard.asks) return asked(story, heard)
  return obey(story, heard)
}

/** Words that are about the wishes: a new one, another one, later, or none any more. */
export const obey = (before: Story, said: Heard): Story => {
  const heard = onlyBack(before, said)
  if (before.known.agent === 'rollback' && heard.leaves && before.open.length > 0) return leave(before, heard)
  const story = heard.pause === null ? before : { ...released(before), pause: heard.pause }
  if (heard.mood === 'stop') return stopped(story)
  if (heard.first && story.open.length > 0) return putFirst(story, heard.first, heard)
  if (heard.verb || hasNames(heard)) {
    const wished = story.open.length > 0 ? amend(story, heard) : beginAnew(story, heard)
    return heard.vague && !wished.open[0]?.hold ? held(wished, { why: 'unsure' }) : wished
  }
  return answered(story, heard)
}

const hasNames = ({ services, tags, environments }: Heard): boolean =>
  services.length + tags.length + environments.length > 0

const stopped = (story: Story): Story => ({ ...story, open: [], pause: null, ending: 'stopped' })

const asked = (story: Story, { asks, tags, services, environments }: Heard): Story => {
  const question = { what: asks ?? 'help', tags, service: services[0] ?? null, environment: environments[0] ?? null }
  // What was about to happen waits until the person has read the answer.
  const waiting = story.open[0]?.hold ? story : held(story, { why: 'unsure' })
  return { ...waiting, asks: question, compared: null }
}

/** Yes, no, again, thanks, or words that mean nothing to these rules. */
const answered = (story: Story, { mood, pause }: Heard): Story => {
  const [wish] = story.open
  if (!wish) return withoutWish(story, mood === 'thanks', pause !== null)
  switch (mood) {
    case 'thanks':
      return story
    case 'again':
      return released(story)
    case 'yes':
      return agreed(story)
    case 'no':
      return refused(story)
    default:
      return pause !== null || wish.hold || !isComplete(story) ? story : held(story, { why: 'unsure' })
  }
}

const withoutWish = (story: Story, thanks: boolean, waits: boolean): Story => {
  if (thanks) return { ...story, ending: 'thanks' }
  return waits ? story : { ...story, asks: HELP }
}

const isComplete = ({ open: [wish] }: Story): boolean =>
  wish !== undefined && wish.service !== null && wish.tag !== null && wish.environment !== null

const agreed = (story: Story): Story => {
  const [wish, ...rest] = story.open
  switch (wish?.hold?.why) {
    case 'expired':
    case 'unsure':
    case 'error':
      return released(story)
    case 'unknown': {
      const meant = { ...wish, [wish.hold.slot]: wish.hold.nearest[0] ?? null }
      return { ...story, open: [checked(meant, story.known), ...rest] }
    }
    default:
      // Yes is no answer to "what instead?".
      return story
  }
}

const refused = (story: Story): Story => {
  switch (story.open[0]?.hold?.why) {
    case 'expired':
    case 'unsure':
      return stopped(story)
    case undefined:
      return held(story, { why: 'denied' })
    default:
      return story
  }
}
