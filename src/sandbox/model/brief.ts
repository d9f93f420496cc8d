import { HELP } from './amend.ts'
import { type Known, liveAtFirst } from './known.ts'
import { list, record, words } from './parse.ts'
import { EMPTY, type Story, type Wish } from './wish.ts'

/** Code that launches a thread asks so, and says in the context what it is about: names in its text are no order. Null: it is no such message. */
export const briefed = (story: Story, text: string): Story | null => {
  if (!/\bpropose what to do\W*$/i.test(text) || story.open.length > 0) return null
  const { known, context } = story
  const open = known.agent === 'rollback' ? rollbacks(context, known) : deployments(context, known)
  return { ...story, open, ending: null, asks: open.length === 0 ? HELP : null }
}

/** What was deployed last goes back first. */
const rollbacks = ({ deployed }: Record<string, unknown>, known: Known): Wish[] =>
  list(deployed)
    .map(record)
    .reverse()
    .map((data) => ({
      ...EMPTY,
      do: 'rollback' as const,
      service: words(data['service']) || null,
      tag: placeBefore(record(data['replaced']), known),
      environment: words(data['environment']) || null,
    }))

/** The tag that was replaced, while there is one of that name; otherwise its commit. */
const placeBefore = (replaced: Record<string, unknown>, { tags, moreTags }: Known): string | null => {
  const tag = words(replaced['tag'])
  const sha = words(replaced['sha'])
  const isThere = tags === null || moreTags || tags.includes(tag)
  return (isThere ? tag || sha : sha || tag) || null
}

/** The newest commit, to where it lacks: through every stage that must come before and does not have it. */
const deployments = (context: Record<string, unknown>, known: Known): Wish[] => {
  const service = words(context['service'])
  const environment = words(context['environment'])
  const tag = words(record(context['head'])['sha'])
  if (service === '' || environment === '' || tag === '') return []
  const lacks = (place: string) => {
    const live = liveAtFirst(known, service, place)
    return live === undefined || !tag.startsWith(live.sha)
  }
  const stages = stagesBefore(environment, known).filter(lacks)
  return [...stages, environment].map((place) => ({ ...EMPTY, service, tag, environment: place }))
}

const stagesBefore = (environment: string, { environments }: Known): string[] => {
  const stages: string[] = []
  let place = afterOf(environment, environments)
  while (place !== null && !stages.includes(place)) {
    stages.unshift(place)
    place = afterOf(place, environments)
  }
  return stages
}

const afterOf = (environment: string, environments: Known['environments']): string | null =>
  environments.find(({ name }) => name === environment)?.after ?? null
