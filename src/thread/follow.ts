import type { At } from './decide.ts'
import type { Actor, DeployResult, JobReport, NewEvent, Proposal, RunFailure, RunReport } from './event.ts'
import { FATES } from './fates.ts'
import { gateInWords, passed, stillWaits } from './gate/answer.ts'
import type { Outcome, Request } from './input.ts'
import { lookUntil } from './next.ts'
import { retryAt } from './outage.ts'
import type { RunInFlight, ThreadState } from './state.ts'
import { runOf } from './state.ts'
import { tagInWords } from './text.ts'
import { reached } from './time.ts'

type Came<T extends Outcome['type']> = At<Extract<Outcome, { type: T }>>
type DispatchAnswer = Came<'dispatch_accepted' | 'dispatch_refused' | 'dispatch_deferred' | 'dispatch_unclear'>

const github: Actor = { kind: 'github' }
const code: Actor = { kind: 'code' }

/** What became of the one POST. A thread that was cancelled meanwhile still writes it down. */
export const dispatchAnswered = (input: DispatchAnswer, state: ThreadState): NewEvent[] => {
  const run = runOf(state)
  if (!run || run.dispatch_id !== input.dispatch_id || wasAnswered(run, state)) return []
  const { dispatch_id } = input
  // Whatever GitHub says: a run has shown that it runs.
  if (run.claimed && (input.type === 'dispatch_refused' || input.type === 'dispatch_deferred')) {
    const reason = `run ${run.run_id} claimed it, and yet: ${'reason' in input ? input.reason : input.message}`
    return [{ type: 'dispatch_unclear', data: { dispatch_id, reason }, actor: code }]
  }
  switch (input.type) {
    case 'dispatch_accepted': {
      const { run_id, html_url } = input
      return [{ type: 'dispatch_accepted', data: { dispatch_id, run_id, html_url }, actor: github }, ...passed(run)]
    }
    case 'dispatch_refused': {
      const data = { code: input.code, message: input.message, to: run.proposal.to }
      return [{ type: 'error', data, actor: github }]
    }
    case 'dispatch_deferred': {
      const until = retryAt(input.at, input.retry_after_ms, state)
      const deferred: NewEvent = {
        type: 'dispatch_deferred',
        data: { dispatch_id, until, reason: input.reason },
        actor: github,
      }
      return [deferred, ...overtaken(run, state)]
    }
    case 'dispatch_unclear':
      return [{ type: 'dispatch_unclear', data: { dispatch_id, reason: input.reason }, actor: code }]
  }
}

/** A run may have claimed its dispatch before GitHub's answer to our POST arrived: that is still to be written down. */
const wasAnswered = (run: RunInFlight, { status }: ThreadState): boolean =>
  status === 'awaiting_run' || (run.run_id !== null && status !== 'running')

/** Words that came while GitHub was asked did not stop what was on its way. It is not on its way any more: they void the approval after all. */
const overtaken = ({ asked, started }: RunInFlight, state: ThreadState): NewEvent[] =>
  state.status !== 'cancelled' && state.last_words > started
    ? [{ type: 'approval_superseded', data: { to: asked, reason: 'message' }, actor: code }]
    : []

/** What GitHub says of the run now; null: it shows none (yet). Nothing new: no events. */
export const runSeen = (input: Came<'run_seen'>, state: ThreadState): NewEvent[] => {
  const run = followed(state)
  if (!run || run.dispatch_id !== input.dispatch_id) return []
  if (input.run === null && run.proposal.gate) {
    const again = stillWaits(run, input.at, state)
    return again.length === 0 ? again : [...again, ...overtaken(run, state)]
  }
  if (input.run === null) return reached(input.at, lookUntil(run.since)) ? [lost(run)] : []
  // Looked for by its name while another run claimed it: that one is told to stop.
  if (run.claimed && input.run.run_id !== run.run_id) return []
  if (!isNews(input.run, run.report)) return []
  const { failure, ...seen } = input.run
  // The answer may come from a run found by its name; the id under which it was dispatched is ours to say.
  const report = { ...seen, dispatch_id: run.dispatch_id }
  const reported: NewEvent = { type: 'run_reported', data: report, actor: github }
  if (run.proposal.gate?.dispatched_by) return [reported, ...passed(run)]
  if (report.status !== 'completed') return [reported]
  return [reported, ...broken(run, report, failure), ...ended(run, report)]
}

/** What was rolled back stays as it is until a person has looked: nobody deploys the bad version again meanwhile. */
const ended = (run: RunInFlight, report: RunReport): NewEvent[] => {
  const { intent, service, environment, tag } = run.proposal
  const told = result(run, report)
  if (intent !== 'rollback' || statusOf(report.conclusion) !== 'success') return [told]
  const data = { service, environment, reason: `rolled back to ${tag}`, until: null }
  return [told, { type: 'environment_locked', data, actor: code }]
}

const followed = (state: ThreadState): RunInFlight | null =>
  state.status === 'awaiting_run' || state.status === 'cancelled' ? state.run : null

const RANK = { queued: 0, in_progress: 1, completed: 2 } as const

/** Reports come in any order; a run only ever moves on, unless it is attempted again. A job that started or ended is a move too. */
const isNews = (report: RunReport, known: RunReport | null): boolean => {
  if (known === null || report.attempt > known.attempt) return true
  if (report.attempt < known.attempt || RANK[report.status] < RANK[known.status]) return false
  return RANK[report.status] > RANK[known.status] || progress(report.jobs) > progress(known.jobs)
}

const progress = (jobs: JobReport[] = []): number => jobs.reduce((sum, { status }) => sum + RANK[status], 0)

/** Why it failed, before that it failed: whoever reads the result has read this. One that was cancelled did not break. */
const broken = ({ proposal }: RunInFlight, report: RunReport, failure: RunFailure | undefined): NewEvent[] => {
  if (statusOf(report.conclusion) !== 'failure') return []
  const { job, step, log } = failure ?? { job: null, step: null, log: null }
  const where = [job && `job ${JSON.stringify(job)}`, step && `step ${JSON.stringify(step)}`].filter(Boolean).join(', ')
  const message = `${inWords(proposal, report)}${where && ` in ${where}`}`
  const data = {
    code: 'run_failed',
    message,
    to: proposal.to,
    ...(job && { job }),
    ...(step && { step }),
    ...(log && { log }),
  }
  return [{ type: 'error', data, actor: code }]
}

const result = ({ proposal }: RunInFlight, report: RunReport): NewEvent => {
  const { service, environment, tag, sha } = proposal
  const status = statusOf(report.conclusion)
  const { run_id, html_url } = report
  const message = inWords(proposal, report)
  const replaced = proposal.live && { tag: proposal.live.tag, sha: proposal.live.sha }
  const data: DeployResult = { status, service, environment, tag, sha, run_id, html_url, message, replaced }
  return { type: `${proposal.intent}_result`, data, actor: github }
}

const inWords = (proposal: Proposal, { conclusion, attempt }: RunReport): string => {
  const { intent, service, environment, tag: named } = proposal
  if (intent === 'open_gate') return gateInWords(proposal, conclusion)
  const tag = tagInWords(named)
  if (conclusion === 'success') {
    return intent === 'run_tests'
      ? `the end-to-end tests on ${environment} passed`
      : `${service} ${tag} is live on ${environment}`
  }
  const what =
    intent === 'run_tests' ? `the end-to-end tests on ${environment}` : `the run of ${service} ${tag} on ${environment}`
  const ended = conclusion === 'cancelled' ? 'was cancelled' : `ended with ${conclusion ?? 'no conclusion'}`
  return `${what} ${ended}${attempt > 1 ? ` (attempt ${attempt})` : ''}`
}

const statusOf = (conclusion: string | null): DeployResult['status'] => {
  if (conclusion === 'success') return 'success'
  return conclusion === 'cancelled' ? 'cancelled' : 'failure'
}

const lost = ({ dispatch_id, proposal }: RunInFlight): NewEvent => {
  const question =
    `GitHub did not say whether it started ${proposal.service} ${proposal.tag} on ${proposal.environment}, ` +
    `and no run named ${dispatch_id} has shown up. Please look at the runs of ${proposal.workflow}.`
  return { type: 'dispatch_unknown', data: { dispatch_id, question, choices: Object.values(FATES) }, actor: code }
}

/** A run whose result stands in the log was started again, by somebody at GitHub. It is said, so that nothing contradicts the result in silence. */
export const rerun = ({ run_id, attempt }: At<Extract<Request, { type: 'rerun' }>>, state: ThreadState): NewEvent[] => {
  const ended = state.ended_runs[run_id]
  if (!ended || attempt <= ended.attempt) return []
  const message = `run ${run_id} was started again at GitHub (attempt ${attempt}) after its end. It was not approved here and is not followed.`
  return [{ type: 'run_restarted', data: { dispatch_id: ended.dispatch_id, run_id, attempt, message }, actor: github }]
}

export const runCancelRequested = (input: Came<'run_cancel_requested'>, state: ThreadState): NewEvent[] => {
  if (state.status !== 'cancelled' || state.run?.run_id !== input.run_id || state.run.cancel_requested) return []
  // GitHub did not hear it: asked again soon, like a run that cannot be read.
  if (input.retry_after_ms !== undefined) return []
  const { run_id, accepted, message } = input
  return [{ type: 'run_cancel_requested', data: { run_id, accepted, message }, actor: github }]
}
