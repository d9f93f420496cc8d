import type { Pull } from '../../agent/ports.ts'
import type { Policy } from '../../thread/policy.ts'
import { repositoryOf } from '../../thread/repositories.ts'
import { told } from './heard.ts'

/** What the first line of a comment asks for. `verb`: what it began with. */
export interface Command {
  verb: 'deploy' | 'rollback' | 'deploybot' | 'decide'
  words: string
}

const COMMAND = /^\/(deploy|rollback|deploybot|approve|reject|deny)(?:\s+(.*))?$/i
const WORDS = 2_000

/** Null: a comment like any other. */
export const commandOf = (body: string): Command | null => {
  const [line = ''] = body
    .slice(0, WORDS * 2)
    .trimStart()
    .split(/\r?\n/, 1)
  const [, name, words = ''] = COMMAND.exec(told(line, WORDS).trim()) ?? []
  if (name === undefined) return null
  const verb = name.toLowerCase()
  const known = verb === 'deploy' || verb === 'rollback' || verb === 'deploybot'
  return { verb: known ? verb : 'decide', words: words.trim() }
}

/** What a comment launches, or why not: to be answered to whoever wrote it. */
export type Meaning = { message: string } | { refused: 'usage' | 'decide' | 'fork' | 'elsewhere' }

/**
 * The words as they were, and where `/deploy` names no version the commit that is meant: the head of the pull request, so that all who
 * read the thread see it. A commit that lies in a fork is never meant, and one of this repository never for a service of another.
 */
export const meaningOf = ({ verb, words }: Command, pull: Pull, repository: string, policy: Policy): Meaning => {
  if (verb === 'decide') return { refused: 'decide' }
  if (verb === 'deploybot' && words === '') return { refused: 'usage' }
  const asked = words === '' ? [] : words.split(/\s+/)
  const headMeant = verb === 'deploy' && asked.every((word) => isKnown(word, policy))
  if (pull.from_fork && (headMeant || asked.some((word) => SHA.test(word)))) return { refused: 'fork' }
  if (headMeant && asked.some((word) => isElsewhere(word, repository, policy))) return { refused: 'elsewhere' }
  const named = headMeant ? withCommit(asked, pull.head_sha, policy) : asked
  return { message: (verb === 'deploybot' ? named : [verb, ...named]).join(' ') }
}

// GitHub finds the commits of all forks of a repository by their numbers.
const SHA = /^[^0-9a-z]*[0-9a-f]{7,40}[^0-9a-z]*$/i
const FILLERS = [
  'to',
  'on',
  'in',
  'at',
  'and',
  'the',
  'please',
  'now',
  'this',
  'it',
  'pr',
  'pull',
  'request',
  'head',
  'commit',
  'branch',
]

/** Names of services and environments, and words that name nothing. */
const isKnown = (word: string, policy: Policy): boolean =>
  FILLERS.includes(bare(word)) || isService(word, policy) || Object.hasOwn(policy.environments, bare(word))

const isService = (word: string, { services }: Policy): boolean => Object.hasOwn(services, bare(word))

const isElsewhere = (word: string, repository: string, policy: Policy): boolean =>
  isService(word, policy) && repositoryOf(policy, bare(word)) !== repository

const bare = (word: string): string => word.toLowerCase().replace(/[.,;:!?]+$/, '')

/** `backend to staging` becomes `backend 4af9… to staging`. */
const withCommit = (words: string[], sha: string, policy: Policy): string[] =>
  words.some((word) => isService(word, policy))
    ? words.flatMap((word) => (isService(word, policy) ? [bare(word), sha] : [word]))
    : [sha, ...words]
