import type { Actor, Event } from '../thread/event.ts'
import type { JobRule, Policy } from '../thread/policy.ts'
import { Problem } from './errors.ts'
import type { JobClaims } from './oidc.ts'

// What nobody outside of the repository can bring about. A pull request from a fork would run with the base's own ref
// (pull_request_target), and a comment or a finished run of a fork's (workflow_run) with that of the default branch.
const EVENTS = ['push', 'workflow_dispatch', 'repository_dispatch', 'schedule']

const VIA = 'github actions run'

/** A job as whoever did it: its workflow file at its ref. */
export const actorOf = ({ workflow_ref, run_id }: JobClaims): Actor => ({
  kind: 'caller',
  id: workflow_ref,
  via: `${VIA} ${run_id}`,
})

/** Only what deploybot.yaml lists under `actions`, to the letter, may launch; without the list nobody. */
export const refuseJob = (job: JobClaims, { actions = [] }: Pick<Policy, 'actions'>): void => {
  const { workflow_ref, event_name, environment } = job
  if (!EVENTS.includes(event_name)) {
    throw new Problem(
      403,
      'job_not_allowed',
      `a job of the event ${event_name} may not launch; ${EVENTS.join(', ')} may`,
    )
  }
  if (actions.some((rule) => fits(job, rule))) return
  const where = environment === undefined ? '' : ` in the environment ${environment}`
  throw new Problem(403, 'job_not_allowed', `no line of \`actions\` in deploybot.yaml lets ${workflow_ref}${where} in`)
}

/** Owners and repositories are the same in any case to GitHub; paths, refs and environments are taken to the letter. */
const fits = (job: JobClaims, rule: JobRule): boolean =>
  same(job.repository, rule.repository) &&
  job.ref === rule.ref &&
  same(job.workflow_ref.slice(0, rule.repository.length), rule.repository) &&
  job.workflow_ref.slice(rule.repository.length) === `/.github/workflows/${rule.workflow}@${rule.ref}` &&
  (rule.repository_id === undefined || job.repository_id === rule.repository_id) &&
  (rule.environment === undefined || job.environment === rule.environment)

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

/** Whether a job of this very repository launched the thread; what a person branched from it is that person's. */
export const launchedBy = ({ repository }: JobClaims, events: readonly Event[]): boolean => {
  const actor = events[0]?.actor
  if (actor?.kind !== 'caller' || !actor.via?.startsWith(`${VIA} `)) return false
  return same(actor.id.split('/.github/', 1)[0] ?? '', repository) && !events.some(({ type }) => type === 'forked')
}
