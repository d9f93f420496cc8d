import type { Known, Live } from './known.ts'
import { list, words } from './parse.ts'
import type { Done, Story, Wish } from './wish.ts'

export const helpOf = ({ agent }: Known): string => (agent === 'rollback' ? HELP_BACK : HELP)

const HELP =
  'I am the sandbox planner: rules, no language model. I can deploy or roll back a service ("deploy backend v1.2.3 to ' +
  'staging"), say what is live ("what is live on production?"), and say what would ship ("what would ship to production?").'

const HELP_BACK =
  'I am the sandbox planner: rules, no language model. Here I only roll back ("roll back backend on production to ' +
  'v1.2.2"), and say what is live; launch a thread for the deploy agent to deploy.'

/** "deploy backend v1.2.3 to production", as far as it is known. */
export const wishInWords = ({ do: act, service, tag, environment }: Wish): string => {
  const what = [service ?? 'a service', tag].filter((part) => part !== null).join(' ')
  const where = environment === null ? '' : ` ${act === 'deploy' ? 'to' : 'on'} ${environment}`
  return `${act === 'deploy' ? 'deploy' : 'roll back'} ${what}${where}`
}

export const listed = (names: readonly string[]): string => names.slice(0, 5).join(', ')

/** One sentence that says what became of everything. */
export const summary = (done: Done[]): string => `${done.map(doneInWords).join('; ')}.`

const doneInWords = ({ do: act, service, tag, environment, url }: Done): string =>
  `${service} ${tag} is ${act === 'deploy' ? 'live' : 'back'} on ${environment}${url === '' ? '' : ` (${url})`}`

export const leftInWords = (left: Wish[]): string => {
  const names = listed(left.map(({ service, environment }) => `${service} on ${environment}`))
  return left.length === 1 ? `${names} stays as it is.` : `${names} stay as they are.`
}

/** What is live, of what was asked about. */
export const liveInWords = ({ known, asks }: Story): string => {
  const wanted = (live: Live) =>
    (!asks?.service || live.service === asks.service) && (!asks?.environment || live.environment === asks.environment)
  const live = (known.live ?? []).filter(wanted)
  if (live.length === 0) return 'Nothing is live there yet.'
  return `Live now: ${live.map(({ service, environment, what }) => `${service} ${what} on ${environment}`).join('; ')}.`
}

export const tagsInWords = ({ tags, moreTags }: Known): string =>
  tags?.length
    ? `The newest tags: ${listed(tags)}${moreTags || tags.length > 5 ? ' …' : ''}.`
    : 'There are no tags yet.'

/** What a comparison found, with the first lines of its newest commits. */
export const comparisonInWords = (data: Record<string, unknown>): string => {
  // "3ff4aef Add a cart (ann, 2026-02-25)"
  const commits = list(data['commits']).map((line) => words(line).replace(/^\S+ | \([^()]*\)$/g, ''))
  const ahead = Number(data['ahead_by'])
  const from = `${words(data['head'])} has ${ahead} commit${ahead === 1 ? '' : 's'} that ${words(data['base'])} has not`
  const shown = commits.slice(0, 5).join('; ')
  return `${from}${shown === '' ? '' : `: ${shown}${commits.length > 5 ? ' …' : ''}`}. ${words(data['url'])}`.trim()
}
