import { gather, type Known } from './known.ts'
import { readEvents, readSetup, type Told, words } from './parse.ts'
import { type Heard, understand } from './understand.ts'

/** What this stand-in for a judge says. */
export interface Judgement {
  doubt: 'none' | 'medium' | 'high'
  reason: string
}

/** Whether this prompt asks for a judgement. No name in it can forge that: in the setup every text stands in quotes. */
export const isForJudge = (system: string): boolean => /^You are Deploybot's judge\./m.test(system)

/** By rules, and no more than that: whether people named what the step names. */
export const judgeStep = (system: string, user: string): Judgement => {
  const told = readEvents(user)
  const known = gather(readSetup(system), told)
  const step = told.findLast(({ type }) => type === 'proposed_step')?.data ?? {}
  const heard = told.flatMap(wordsOf).map((text) => understand(text, known, known.tags ?? []))
  const doubts = [doubtOfService(step, heard), doubtOfEnvironment(step, heard), doubtOfTag(step, heard, known)].filter(
    (doubt) => doubt !== null,
  )
  const doubt = doubts.some(({ doubt }) => doubt === 'high') ? 'high' : (doubts[0]?.doubt ?? 'none')
  return { doubt, reason: doubts.map(({ reason }) => reason).join(' ') }
}

/** What people, and code that asks for something, said. */
const wordsOf = ({ type, data }: Told): string[] => {
  switch (type) {
    case 'message':
      return [words(data['message'])]
    case 'human_response':
      return [words(data['choice']) || words(data['response'])]
    case 'approval_denied':
      return [words(data['comment'])]
    default:
      return []
  }
}

const serviceIn = (step: Record<string, unknown>): string =>
  words(step['service']) || words(step['intent']).replace(/^deploy_/, '')

/** Who names none means all that there are, or what was proposed. */
const doubtOfService = (step: Record<string, unknown>, heard: Heard[]): Judgement | null => {
  const named = heard.flatMap(({ services }) => services)
  const service = serviceIn(step)
  if (named.length === 0 || named.includes(service) || heard.some(({ everything }) => everything)) return null
  return { doubt: 'high', reason: `People spoke of ${list(named)}, and this is ${service}.` }
}

const doubtOfEnvironment = (step: Record<string, unknown>, heard: Heard[]): Judgement | null => {
  const named = heard.flatMap(({ environments }) => environments)
  const environment = words(step['environment'])
  if (named.includes(environment)) return null
  if (named.length === 0) return { doubt: 'medium', reason: `Nobody named ${environment}.` }
  return { doubt: 'high', reason: `People spoke of ${list(named)}, and this goes to ${environment}.` }
}

const doubtOfTag = (step: Record<string, unknown>, heard: Heard[], known: Known): Judgement | null => {
  const named = heard.flatMap(({ tags }) => tags)
  const tag = words(step['tag'])
  const isFound = heard.some(({ source }) => source !== null) || step['intent'] === 'rollback'
  const isLatest = named.includes('latest') && known.tags?.[0] === tag
  if (named.includes(tag) || isLatest || (named.length === 0 && isFound)) return null
  if (named.length === 0) return { doubt: 'medium', reason: `Nobody named ${tag}.` }
  return { doubt: 'high', reason: `People spoke of ${list(named)}, and this is ${tag}.` }
}

const MOST = 3
const list = (names: string[]): string => [...new Set(names)].slice(0, MOST).join(', ')
