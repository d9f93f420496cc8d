import { briefed } from './brief.ts'
import { hear, obey } from './hear.ts'
import { gather, type Known } from './known.ts'
import { record, type Setup, type Told, words } from './parse.ts'
import { type Heard, understand } from './understand.ts'
import { type Done, held, isWritten, type Story, type Wish } from './wish.ts'

/** What the thread comes to so far: what is wished, what is done, what is open. */
export const readStory = (setup: Setup, events: readonly Told[]): Story => {
  const known = gather(setup, events)
  return events.reduce((story, event) => happened(story, event, known), BEGINNING(known))
}

const BEGINNING = (known: Known): Story => ({
  known,
  context: {},
  open: [],
  done: [],
  left: [],
  named: [],
  last: [],
  asks: null,
  compared: null,
  pause: null,
  ending: null,
  proposed: false,
  errors: [],
})

const happened = (before: Story, event: Told, known: Known): Story => {
  const { type, data } = event
  const story = type === 'error' ? before : { ...before, errors: [] }
  switch (type) {
    case 'thread_launched':
      return { ...story, context: record(data['context']) }
    case 'message': {
      const said = words(data['message'])
      return briefed(story, said) ?? listen(story, said, known, data['from'] !== 'code')
    }
    case 'human_response':
      return listen(story, answerOf(data), known)
    case 'approval_denied':
      return denied(held(story, { why: 'denied' }), words(data['comment']), known)
    case 'approval_expired':
      return held(story, { why: 'expired' })
    case 'error':
      return failed(story, data)
    case 'slept':
      return { ...story, pause: null }
    case 'compare_commits_result':
      return { ...story, compared: data }
    case 'request_human_input':
      return { ...story, asks: null, compared: null }
    case 'done_for_now':
    case 'nothing_to_do':
      return { ...BEGINNING(known), last: story.done.length > 0 ? story.done : story.last }
    default:
      return isWritten(type.replace(/_result$/, '')) ? worked(story, type, data) : story
  }
}

const listen = (story: Story, text: string, known: Known, isPerson = true): Story => {
  const heard = understand(text, known, known.tags ?? [])
  return hear(isPerson ? naming(story, heard) : story, heard)
}

const denied = (story: Story, comment: string, known: Known): Story => {
  if (comment.trim() === '') return story
  const heard = understand(comment, known, known.tags ?? [])
  return obey(naming(story, heard), heard)
}

const naming = (story: Story, { tags }: Heard): Story => ({ ...story, named: [...story.named, ...tags] })

const answerOf = (data: Record<string, unknown>): string => {
  const said = words(data['choice']) || words(data['response'])
  if (said !== '' || data['approved'] === undefined) return said
  return data['approved'] === true ? 'yes' : 'no'
}

/** A write step was selected, by this planner or by a person who edited it, or its run has ended. */
const worked = (story: Story, type: string, data: Record<string, unknown>): Story => {
  const what = {
    service: words(data['service']) || type.replace(/^deploy_|_result$/g, ''),
    tag: words(data['tag']),
    environment: words(data['environment']),
  }
  if (!type.endsWith('_result')) return proposed(story, what)
  const url = words(data['html_url'])
  if (data['status'] !== 'success') return held(story, { why: 'failed', status: words(data['status']), url })
  const [first, ...rest] = story.open
  const done: Done = { do: first?.do ?? 'deploy', ...what, url }
  return {
    ...story,
    proposed: false,
    open: first?.service === what.service ? rest : story.open,
    done: [...story.done, done],
  }
}

/** What is proposed is what is wished from now on; "latest" stays the tag that it was. */
const proposed = (story: Story, what: Omit<Done, 'url' | 'do'>): Story => {
  const fixed = story.open.map((wish): Wish => (wish.tag === 'latest' ? { ...wish, tag: what.tag } : wish))
  const [first, ...rest] = fixed
  return { ...story, proposed: true, open: first ? [{ ...first, ...what, hold: null }, ...rest] : fixed }
}

/** An error of the step that was just proposed is about its wish; any other only counts. */
const failed = (story: Story, data: Record<string, unknown>): Story => {
  const error = { code: words(data['code']), message: words(data['message']) }
  if (error.code.startsWith('model_') || error.code === 'not_its_step' || !story.proposed)
    return { ...story, errors: [...story.errors, error] }
  if (error.code === 'goes_backward' && isNamed(story)) return turnedBack(story)
  const nearest = words(data['nearest'])
    .split(', ')
    .filter((name) => name !== '')
  const slot = SLOTS[error.code]
  const hold = slot ? { why: 'unknown' as const, slot, nearest } : { why: 'error' as const, ...error }
  return held({ ...story, proposed: false }, hold)
}

const isNamed = ({ named, open: [wish] }: Story): boolean => wish?.tag != null && named.includes(wish.tag)

/** A person named that very tag, so going back there is what was meant, under its right name. */
const turnedBack = (story: Story): Story => {
  const [first, ...rest] = story.open
  return first ? { ...story, proposed: false, open: [{ ...first, do: 'rollback', hold: null }, ...rest] } : story
}

const SLOTS: Record<string, 'tag' | 'service' | 'environment'> = {
  unknown_tag: 'tag',
  unknown_service: 'service',
  unknown_environment: 'environment',
}
