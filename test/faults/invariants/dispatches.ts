import type { Event, RunReport } from '../../../src/thread/event.ts'
import { FATES } from '../../../src/thread/fates.ts'
import type { Post, Snapshot, Violation } from '../invariants.ts'

/** I3: one POST per dispatch, one run per approved step, exactly one where it completed; and a run's news never goes back. */
export const singleDispatches = ({ logs, posts }: Snapshot): Violation[] => [
  ...sentTwice(posts),
  ...[...logs].flatMap(([thread, events]) =>
    [...runsOfSteps(events, posts), ...completions(events, posts), ...news(events)].map(
      (what) => ({ invariant: 'I3', thread, what }) as const,
    ),
  ),
]

const sentTwice = (posts: readonly Post[]): Violation[] =>
  [...Map.groupBy(posts, ({ dispatch_id }) => dispatch_id)].flatMap(([id, sent]) =>
    sent.length < 2 ? [] : [{ invariant: 'I3', thread: id.slice(0, 36), what: `${id} was sent ${sent.length} times` }],
  )

const started = (events: readonly Event[]) => events.filter((event) => event.type === 'tool_started')

const accepted = (id: string, posts: readonly Post[]): number =>
  posts.filter((post) => post.dispatch_id === id && post.accepted).length

/** A step may run again only where a person said that it did not run. */
const runsOfSteps = (events: readonly Event[], posts: readonly Post[]): string[] =>
  [...Map.groupBy(started(events), ({ data }) => data.to)].flatMap(([step, starts]) => {
    const runs = starts.reduce((sum, { data }) => sum + accepted(data.dispatch_id, posts), 0)
    const again = events.filter((event) => event.type === 'human_response' && event.data.choice === FATES.again)
    return runs <= 1 + again.length ? [] : [`the step at ${step} has ${runs} runs`]
  })

const isResult = ({ type }: Event): boolean => /^(deploy_\w+|rollback|run_tests)_result$/.test(type)

const completions = (events: readonly Event[], posts: readonly Post[]): string[] =>
  events.filter(isResult).flatMap((result) => {
    const start = started(events).findLast(({ seq }) => seq < result.seq)
    const runs = start ? accepted(start.data.dispatch_id, posts) : 0
    const told = start && events.filter((event) => isResult(event) && event.seq > start.seq && event.seq <= result.seq)
    if (runs !== 1) return [`the result at ${result.seq} has ${runs} runs behind it`]
    return told && told.length > 1 ? [`the dispatch at ${start.seq} ended ${told.length} times`] : []
  })

const RANK = { queued: 0, in_progress: 1, completed: 2 } as const

/** A run moves on, or within one status its jobs do: never back, and never told twice. */
const placeOf = ({ status, jobs = [] }: RunReport): number =>
  RANK[status] * 1_000 + jobs.reduce((sum, job) => sum + RANK[job.status], 0)

const news = (events: readonly Event[]): string[] => {
  const reports = events.filter((event) => event.type === 'run_reported')
  return reports.flatMap(({ seq, data }, i) => {
    const before = reports.slice(0, i).findLast((other) => other.data.run_id === data.run_id)?.data
    const back = before && before.attempt === data.attempt && placeOf(before) >= placeOf(data)
    return back ? [`the run went from ${before.status} to ${data.status} at ${seq}`] : []
  })
}
