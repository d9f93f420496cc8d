import { inEnglish } from './languages.ts'
import { type Mood, moodOf, type Question, questionIn } from './mood.ts'
import { isSlip } from './nearest.ts'
import type { Setup } from './parse.ts'
import { behindVerb, isFiller, isVague, looksLikeTag, pauseIn, tokensOf, verbIn, withoutForbidden } from './words.ts'

/** What a person's words come to. */
export interface Heard {
  verb: 'deploy' | 'rollback' | null
  services: string[]
  /** Every service was asked for, but for the excluded. */
  everything: boolean
  excluded: string[]
  /** Tags and SHAs, in order; `latest` stands for the newest tag. */
  tags: string[]
  environments: string[]
  /** Where to take the tag from: "promote from staging". */
  source: string | null
  /** What should come first, if anything was said to. */
  first: { service: string } | { environment: string } | null
  /** Names that stand where a service or an environment should, and are none. */
  strange: { service?: string; environment?: string }
  pause: number | null
  mood: Mood | null
  asks: Question | null
  /** It speaks of what was done before: "it", "the same", "also". */
  refers: boolean
  only: boolean
  /** It says to leave what is proposed, or everything, as it is. */
  leaves: 'it' | 'all' | null
  /** It is wished beside what is wished already. */
  also: boolean
  /** It leaves open which of two services. */
  either: boolean
  /** It speaks of a time, or a condition, that these rules cannot tell. */
  vague: boolean
}

export const understand = (text: string, setup: Setup, tags: readonly string[]): Heard => {
  const said = inEnglish(text.replaceAll('’', "'").trim())
  const left = withoutForbidden(said)
  const heard = understandPart(left ?? said, setup, tags)
  if (left === null || hasNames(heard)) return heard
  return { ...heard, verb: null, mood: 'stop' }
}

const understandPart = (text: string, setup: Setup, tags: readonly string[]): Heard => {
  const said = text.toLowerCase()
  const asks = questionIn(said)
  const verb = asks ? null : verbIn(said)
  const names = namesIn(tokensOf(text), setup, tags)
  return {
    ...names,
    verb,
    everything: /\b(everything|all (the )?services|both)\b/.test(said),
    strange: verb ? { ...names.strange, ...strangeService(said, names, setup) } : {},
    first: firstIn(said, setup),
    pause: pauseIn(said),
    vague: isVague(said),
    mood: moodOf(said),
    asks,
    refers: /\b(it|that|this|same|also|too|now|then)\b/.test(said),
    only: /\b(only|just)\b/.test(said),
    leaves: verb === null ? leavesIn(said) : null,
    also: /\b(also|as well|too|additionally)\b/.test(said),
  }
}

const leavesIn = (said: string): Heard['leaves'] => {
  if (!/\bleave\b/.test(said)) return null
  return /\b(them|all|both|everything)\b/.test(said) ? 'all' : 'it'
}

const hasNames = ({ services, tags, environments }: Heard): boolean =>
  services.length + tags.length + environments.length > 0

type Names = Pick<Heard, 'services' | 'excluded' | 'tags' | 'environments' | 'source' | 'strange' | 'either'>

/** Goes through the words, each together with the one before that matters. */
const namesIn = (tokens: string[], setup: Setup, tags: readonly string[]): Names => {
  const names: Names = {
    services: [],
    excluded: [],
    tags: [],
    environments: [],
    source: null,
    strange: {},
    either: false,
  }
  const offered: string[] = []
  let before = ''
  for (const token of tokens) {
    const word = token.toLowerCase()
    if (isExcluded(before)) add(names.excluded, serviceNamed(token, setup) ?? token)
    else take(token, before, names, setup, tags)
    if (before === 'or') offered.push(word)
    // "to the production", "instead of v1.2.3"
    if (!['the', 'our', 'a', 'tag', 'version'].includes(word)) before = word
    if (word === 'of' && tokens.includes('instead')) before = 'instead of'
  }
  return unchosen(names, offered, setup)
}

/** "backend or frontend": neither was chosen, and must be asked. */
const unchosen = (names: Names, offered: string[], setup: Setup): Names => {
  const either = names.services.length > 1 && offered.some((word) => serviceNamed(word, setup) !== undefined)
  const place = names.environments.length > 1 && offered.some((word) => environmentNamed(word, setup) !== undefined)
  return {
    ...names,
    either,
    services: either ? [] : names.services,
    environments: place ? [] : names.environments,
  }
}

const isExcluded = (before: string): boolean => ['not', 'except', 'without', 'than', 'instead of'].includes(before)

const take = (token: string, before: string, names: Names, setup: Setup, tags: readonly string[]): void => {
  const service = serviceNamed(token, setup)
  const environment = environmentNamed(token, setup)
  const tag = tagNamed(token, tags)
  if (service) add(names.services, service)
  else if (environment && before === 'from') names.source = environment
  else if (environment) add(names.environments, environment)
  else if (tag && before !== 'from') add(names.tags, tag)
  else if (!tag && ['to', 'on', 'onto', 'into', 'in'].includes(before) && !isFiller(token.toLowerCase())) {
    names.strange.environment ??= token
  }
}

const add = (names: string[], name: string): void => {
  if (!names.includes(name)) names.push(name)
}

const serviceNamed = (token: string, { services }: Setup): string | undefined => spelled(services).get(plain(token))

const spellings = new WeakMap<readonly string[], Map<string, string>>()

/** The services by how people may write them: the first of two that are written alike. Each word of each message is looked for among them. */
const spelled = (services: readonly string[]): Map<string, string> => {
  const before = spellings.get(services)
  if (before) return before
  const names = new Map(services.toReversed().map((name) => [plain(name), name]))
  spellings.set(services, names)
  return names
}

const plain = (name: string): string => name.toLowerCase().replaceAll('-', '')

const ALIASES: Record<string, string> = { prod: 'production', prd: 'production', stage: 'staging', stg: 'staging' }

const environmentNamed = (token: string, { environments }: Setup): string | undefined =>
  environments.find(({ name }) => name.toLowerCase() === token.toLowerCase() || name === ALIASES[token.toLowerCase()])
    ?.name

const tagNamed = (token: string, tags: readonly string[]): string | undefined => {
  const word = token.toLowerCase()
  if (word === 'latest' || word === 'newest') return 'latest'
  return tags.find((tag) => tag.toLowerCase() === word) ?? (looksLikeTag(token) ? token : undefined)
}

/** The first word behind the verb that is no name we know, or any word that is nearly one. */
const strangeService = (said: string, names: Names, setup: Setup): { service?: string } => {
  const behind = tokensOf(behindVerb(said))
  const known = (token: string) => serviceNamed(token, setup) ?? environmentNamed(token, setup)
  const unknown = (token: string) => !isFiller(token) && !looksLikeTag(token) && !known(token)
  const slip = behind.find((token) => unknown(token) && setup.services.some((name) => isSlip(token, name)))
  if (slip) return { service: slip }
  const token = behind.find((word) => !isFiller(word))
  const named = names.services.length > 0 || token === undefined || token === names.strange.environment
  return !named && unknown(token) && !names.tags.includes(token) ? { service: token } : {}
}

/** "the backend first": the last service, or else environment, before that word. */
const firstIn = (said: string, setup: Setup): Heard['first'] => {
  const end = said.search(/\bfirst\b/)
  if (end < 0) return null
  const before = tokensOf(said.slice(0, end)).reverse()
  const service = before.map((token) => serviceNamed(token, setup)).find((name) => name !== undefined)
  if (service) return { service }
  const environment = before.map((token) => environmentNamed(token, setup)).find((name) => name !== undefined)
  return environment ? { environment } : null
}
