import type { Quiet, Rung } from './contact/ladder.ts'
import type { NotifyRule } from './contact/notify.ts'
import type { ReleasePlan } from './event.ts'
import type { Freeze } from './freeze.ts'
import type { CodeStep, Intent, Step, WriteStep } from './step.ts'

/** The team's own rules: what deploybot.yaml says, checked and with every default filled in. */
export interface Policy {
  /** Hash of the rules below: an approval given under other rules is void. */
  version: string
  repository: string
  services: Record<string, ServicePolicy>
  environments: Record<string, EnvironmentPolicy>
  people: Record<string, PersonPolicy>
  /** What a merged pull request sets going; null: nothing. */
  release: (ReleasePlan & { branch: string }) | null
  schedules: { stale_commits: StaleSchedule | null }
  /** Who hears of what, beside whoever asked. No approval binds to it, nor to the next. */
  notify?: NotifyRule[]
  /** Who is called when, as long as nobody answers; without: the usual. */
  escalation?: Rung[]
  /** Which jobs of GitHub Actions may launch threads; not named, none. No approval binds to it. */
  actions?: JobRule[]
  /** True: a second model looks at each step that people are to approve. No approval binds to it. */
  judge?: boolean
  /** Whose mail is heard beside that of people, and who vouches for senders. No approval binds to it. */
  email?: EmailPolicy
  /** What of texts is neither written down nor shown, as sources of regular expressions, beside what secrets usually look like. No approval binds to it. */
  redact?: string[]
  /** What the model costs, and may cost. No approval binds to it. */
  model?: ModelPolicy
  /** What the team tells its model, as data: short, and no part of what approvals bind to. */
  rules?: string[]
}

export interface ModelPolicy {
  /** By the model's name, a price per million tokens. */
  prices?: Record<string, ModelPrice>
  /** What all models together may cost in a day (UTC), before a person is asked. */
  daily_limit?: number
  /** What all replicas together ask of one model in a minute. */
  calls_per_minute?: number
  tokens_per_minute?: number
}

export interface ModelPrice {
  input: number
  output: number
  /** What was cached; without: as any input. */
  cached?: number
}

/** `allow`: addresses, or all of a domain (`@acme.test`). `authserv_id`: the mail server whose Authentication-Results are believed. */
export interface EmailPolicy {
  allow: string[]
  authserv_id?: string
}

/** When to look for commits that wait to be deployed, and where. */
export interface StaleSchedule {
  cron: string
  tz: string
  services: string[]
  environment: string
}

/** A job that is let in: its own words for itself, exactly. */
export interface JobRule {
  repository: string
  /** The repository's number at GitHub, which another one of the same name would not have. */
  repository_id?: string
  ref: string
  workflow: string
  environment?: string
}

export interface ServicePolicy {
  workflow: string
  ref: string
  /** Only where it is not the team's. */
  repository?: string
}

export interface EnvironmentPolicy {
  approvals: number
  approvers: string[]
  self_approval: boolean
  /** The environment where this very SHA must have succeeded before. */
  after: string | null
  expires_after_seconds: number
  /** What becomes of a step while another thread deploys there: it waits (so where nothing is said), or is an error. */
  busy?: 'wait' | 'refuse'
  /** When nothing may be deployed there. */
  freeze?: Freeze[]
  /** False: nobody approves what ships their own commits. */
  author_approval?: boolean
  /** True: an approver may also approve by replying to the mail with the code in it. For what risks little. */
  email_code?: boolean
  /** A yes counts on the page only, from whoever signed in at most so long ago. */
  fresh_sign_in_seconds?: number
  /** Who may override a freeze or a missing stage, saying why. */
  break_glass?: string[]
}

export interface PersonPolicy {
  github?: string
  /** The account's number, which stays theirs when it is renamed. */
  github_id?: number
  github_team?: string
  slack?: string
  email?: string
  phone?: string
  /** When they are not to be woken but by what is urgent. */
  quiet?: Quiet
}

/** Whether a step talks, waits, only reads, or changes a running system and so needs an approval first. */
export const kindOf = (intent: Intent): 'talk' | 'wait' | 'read' | 'write' | 'delegate' => {
  switch (intent) {
    case 'done_for_now':
    case 'nothing_to_do':
    case 'request_more_information':
    case 'request_human_input':
    // Refusing needs no approval.
    case 'close_gate':
      return 'talk'
    case 'wait':
      return 'wait'
    case 'list_git_tags':
    case 'list_git_commits':
    case 'compare_commits':
    case 'check_deployment_status':
    case 'get_workflow_status':
      return 'read'
    case 'deploy_backend':
    case 'deploy_frontend':
    case 'deploy_service':
    case 'rollback':
    case 'run_tests':
    case 'open_gate':
      return 'write'
    case 'delegate':
      return 'delegate'
  }
}

export const isWrite = (step: Step | CodeStep): step is WriteStep => kindOf(step.intent) === 'write'

/** Names come from a model: `constructor` must not find what no one configured. */
export const own = <T>(record: Record<string, T>, key: string): T | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined

/** The environment's rules; one that is no longer configured lets nobody approve anything. */
export const environmentPolicy = (policy: Policy, environment: string): EnvironmentPolicy =>
  own(policy.environments, environment) ?? CLOSED

const CLOSED: EnvironmentPolicy = {
  approvals: 1,
  approvers: [],
  self_approval: false,
  after: null,
  expires_after_seconds: 0,
}

/** Who may approve there; where no approval is needed, everybody who is known. */
export const approversOf = (environment: string, policy: Policy): string[] => {
  const { approvals, approvers } = environmentPolicy(policy, environment)
  return approvals === 0 ? Object.keys(policy.people) : approvers
}

/** Everybody who may approve something somewhere. */
export const approversIn = (policy: Policy): string[] => [
  ...new Set(Object.keys(policy.environments).flatMap((environment) => approversOf(environment, policy))),
]
