import { type Known, liveAt, liveBefore } from './known.ts'
import { nearest } from './nearest.ts'
import type { Heard } from './understand.ts'
import type { Hold, Wish } from './wish.ts'
import { isSha } from './words.ts'

/** What the words make of these wishes: one for each environment that is named, each checked against the facts. */
export const spread = (bases: Wish[], heard: Heard, known: Known): Wish[] => {
  const places = heard.environments.length > 0 ? heard.environments : [heard.strange.environment ?? null]
  return places.flatMap((place) =>
    bases.map((base, index) => {
      const wish = { ...base, do: heard.verb ?? base.do, environment: place ?? base.environment }
      return checked({ ...wish, tag: saidTag(heard, index, bases.length) ?? foundTag(wish, base, heard, known) }, known)
    }),
  )
}

/** One tag is meant for all; as many tags as services go in pairs; anything else must be asked. */
const saidTag = ({ tags }: Heard, index: number, services: number): string | null =>
  (tags.length === services ? tags[index] : tags.length === 1 ? tags[0] : null) ?? null

const foundTag = (wish: Wish, base: Wish, heard: Heard, known: Known): string | null => {
  const { service, environment } = wish
  if (heard.tags.length > 0) return null
  if (heard.source) return (service && liveAt(known, service, heard.source)?.what) || null
  if (wish.do === base.do) return base.tag ?? previous(wish, undefined, known)
  return wish.do === 'rollback' && service && environment ? previous(wish, base.tag ?? undefined, known) : base.tag
}

/** Rolling back without a tag goes to what was live before, where this thread has seen it. */
const previous = ({ do: act, service, environment }: Wish, not: string | undefined, known: Known): string | null => {
  if (act !== 'rollback' || !service || !environment) return null
  return liveBefore(known, service, environment, not ?? liveAt(known, service, environment)?.what) ?? null
}

/** Held back where the facts say that there is no such name. What they cannot know is left to the tools. */
export const checked = (wish: Wish, known: Known): Wish => ({ ...wish, hold: unknownIn(wish, known) })

const unknownIn = ({ service, tag, environment }: Wish, known: Known): Hold | null => {
  const places = known.environments.map(({ name }) => name)
  if (isUnknown(service, known.services)) return unknown('service', service, known.services)
  if (isUnknown(environment, places)) return unknown('environment', environment, places)
  const tags = known.moreTags ? [] : (known.tags ?? [])
  if (tag === null || tag === 'latest' || isSha(tag)) return null
  return isUnknown(tag, tags) ? unknown('tag', tag, tags) : null
}

const isUnknown = (name: string | null, names: readonly string[]): name is string =>
  name !== null && names.length > 0 && !names.includes(name)

const unknown = (slot: 'tag' | 'service' | 'environment', name: string, names: readonly string[]): Hold => ({
  why: 'unknown',
  slot,
  nearest: nearest(name, names).slice(0, 5),
})
