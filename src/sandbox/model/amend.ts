import { checked, spread } from './settle.ts'
import type { Heard } from './understand.ts'
import { type Done, EMPTY, released, type Story, type Wish } from './wish.ts'

/** Wishes from a request that stands for itself, or for "the same" as what was done before. */
export const beginAnew = (story: Story, heard: Heard): Story => {
  const before = heard.refers || heard.verb === 'rollback' ? story.last.map(again) : []
  if (!heard.verb && before.length === 0) return { ...story, asks: HELP }
  const open = spread(basesFor(heard, before, story), heard, story.known)
  const first = heard.first && 'service' in heard.first ? heard.first.service : null
  return { ...story, open: first ? sorted(open, first) : open, ending: null, asks: null }
}

export const HELP: Story['asks'] = { what: 'help', tags: [], service: null, environment: null }

const again = ({ service, tag, environment }: Done): Wish => ({ ...EMPTY, service, tag, environment })

const basesFor = (heard: Heard, before: Wish[], { known }: Story): Wish[] => {
  const named = namesIn(heard)
  if (named.length > 0) return named.map((service) => ({ ...(before[0] ?? EMPTY), service }))
  if (heard.either) return [EMPTY]
  if (before.length > 0) return before
  // No service named: all that have a tool of their own, provided that it is said what to deploy.
  const saysWhat = heard.tags.length > 0 || heard.source !== null
  if (!heard.everything && (heard.verb === 'rollback' || !saysWhat)) return [EMPTY]
  const own = ['frontend', 'backend'].filter((name) => known.services.includes(name))
  const others = heard.everything ? known.services.filter((name) => !own.includes(name)) : []
  const wanted = [...own, ...others].filter((name) => !heard.excluded.includes(name))
  return wanted.map((service) => ({ ...EMPTY, service }))
}

const namesIn = ({ services, strange }: Heard): string[] =>
  strange.service ? [...services, strange.service] : services

const sorted = (wishes: Wish[], first: string): Wish[] => [
  ...wishes.filter(({ service }) => service === first),
  ...wishes.filter(({ service }) => service !== first),
]

/** "can you deploy the backend first?": what is wished comes in another order, or gets something before it. */
export const putFirst = (story: Story, first: NonNullable<Heard['first']>, heard: Heard): Story => {
  const { open } = released(story)
  const wished = 'service' in first && open.some(({ service }) => service === first.service)
  const given = { ...first, ...(heard.tags[0] ? { tag: heard.tags[0] } : {}) }
  const before = open.slice(0, 1).map((wish) => checked({ ...wish, ...given }, story.known))
  return { ...story, open: wished ? sorted(open, first.service) : [...before, ...open], asks: null }
}

/** Other words for what is already wished: another tag, another place, another service. */
export const amend = (story: Story, heard: Heard): Story => {
  const [first, ...rest] = story.open
  // Each service goes back to a place of its own: where none is named, it is about the one that was proposed.
  const one = story.known.agent === 'rollback' && namesIn(heard).length === 0 && first
  const open = one ? [...spread([one], heard, story.known), ...rest] : amended(story, heard)
  return { ...story, open, asks: null }
}

const amended = ({ open, known }: Story, heard: Heard): Wish[] => {
  const named = namesIn(heard)
  const [first, ...rest] = open
  if (!first || named.length === 0) return spread(open, heard, known)
  const from = (service: string) => ({ ...(open.find((wish) => wish.service === service) ?? first), service })
  // The service was what had to be asked.
  if (first.service === null || (first.hold?.why === 'unknown' && first.hold.slot === 'service')) {
    return [...spread(named.map(from), heard, known), ...rest]
  }
  if (heard.also) return [...open.map((wish) => ({ ...wish, hold: null })), ...spread(named.map(from), heard, known)]
  const isNamed = ({ service }: Wish) => service !== null && named.includes(service)
  const changesSome = heard.tags.length + heard.environments.length > 0 && !heard.only
  if (changesSome && named.every((name) => open.some(({ service }) => service === name))) {
    return open.flatMap((wish) => (isNamed(wish) ? spread([wish], heard, known) : [{ ...wish, hold: null }]))
  }
  return spread(named.map(from), heard, known)
}
