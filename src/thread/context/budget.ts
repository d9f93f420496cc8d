import { type Event, isFound, isResult } from '../event.ts'
import { Part } from './part.ts'

/** A thread beyond this many tokens is put in order, down to half of it: so that it does not happen again at the next call. */
export const MOST = 12_000
export const TARGET = MOST / 2

/** Words of people: a new stretch of the thread begins with them. */
export const isWords = ({ type }: Event): boolean =>
  type === 'message' || type === 'human_response' || type === 'approval_denied'

/**
 * What gives way, in this order, the oldest first: what was looked up on the way, and the steps that asked for it; how runs and turns went;
 * errors; old words, which are cut; at last everything old. What never does: what the thread was launched with, the newest words of people
 * and all since, the newest of what code looks up by itself, and how deployments ended.
 */
export const withinBudget = (parts: readonly Part[], cut: (event: Event) => Part | null, most = MOST): Part[] => {
  const signs = parts.reduce((all, { text }) => all + text.length, 0)
  const sum = signs <= most ? 0 : parts.reduce((all, { tokens }) => all + tokens, 0)
  if (sum <= most) return [...parts]
  const newest = parts.findLast(({ event }) => isWords(event))?.event.seq ?? 0
  const left = new Map(parts.map((one) => [one.event.seq, one]))
  const mayGo = parts.filter(({ event }) => !stays(event, newest))
  let over = sum - Math.min(TARGET, most)
  for (const { of, how } of ORDER) {
    for (const { event } of mayGo.filter((one) => of(one.event))) {
      const before = left.get(event.seq)
      if (over <= 0 || !before) continue
      const after = how === 'cut' ? cut(event) : null
      over -= before.tokens - (after?.tokens ?? 0)
      if (after) left.set(event.seq, after)
      else left.delete(event.seq)
    }
  }
  return noted(parts, left)
}

const stays = (event: Event, newest: number): boolean =>
  event.type === 'thread_launched' || event.seq >= newest || isResult(event) || OWN_LOOKS.includes(event.type)

const OWN_LOOKS: Event['type'][] = ['list_git_tags_result', 'check_deployment_status_result']
const LOOKS = ['list_git_tags', 'list_git_commits', 'compare_commits', 'check_deployment_status', 'get_workflow_status']
const PROGRESS = [
  'run_reported',
  'run_restarted',
  'turn_awaited',
  'slept',
  'wait',
  'dispatch_unclear',
  'approval_waived',
]

const ORDER: { of: (event: Event) => boolean; how?: 'cut' }[] = [
  { of: (event) => isFound(event) || LOOKS.includes(event.type) },
  { of: ({ type }) => PROGRESS.includes(type) },
  { of: ({ type }) => type === 'error' },
  { of: isWords, how: 'cut' },
  { of: () => true },
]

/** Says how many there were, where the first of them stood. */
const noted = (parts: readonly Part[], left: ReadonlyMap<number, Part>): Part[] => {
  const gone = parts.filter(({ event }) => !left.has(event.seq))
  return parts.flatMap(({ event }) => {
    const kept = left.get(event.seq)
    if (kept) return [kept]
    return event === gone[0]?.event ? [new Part(event, `<left_out>\nevents: ${gone.length}\n</left_out>`)] : []
  })
}
