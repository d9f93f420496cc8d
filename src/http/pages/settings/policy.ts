import { html } from 'ghtml'
import { wayOf } from '../../../thread/contact/address.ts'
import type { Personal, Rung } from '../../../thread/contact/ladder.ts'
import type { NotifyRule } from '../../../thread/contact/notify.ts'
import type { Policy } from '../../../thread/policy.ts'
import { repositoryOf } from '../../../thread/repositories.ts'
import { durationInWords } from '../../../thread/time.ts'
import { freezeInWords } from '../freezes.ts'
import { rulesInWords } from '../rules.ts'
import { inWords, words } from '../words.ts'

/** The rules of deploybot.yaml as people would say them. No address of anybody is among them. */
export const policySection = (
  policy: Policy,
): string => html`<section aria-labelledby="policy"><h2 id="policy">The rules in force</h2>
<p class="quiet">From deploybot.yaml as it was at the start; approvals bind to version <code>${policy.version}</code>.</p>
!${topics(policy).map(([title, sentences]) => html`<h3>${words(title, 100)}</h3><ul>!${sentences.map((one) => html`<li>${words(one, 600)}</li>`)}</ul>`)}
</section>`

const topics = (policy: Policy): [string, string[]][] => [
  ['Services', Object.keys(policy.services).map((name) => service(name, policy))],
  ...Object.entries(policy.environments).map(([name, rules]): [string, string[]] => [
    `Environment ${name}`,
    [rulesInWords(rules), ...(rules.freeze ?? []).map((freeze) => `Nothing is deployed ${freezeInWords(freeze)}.`)],
  ]),
  ['People', Object.keys(policy.people).map((name) => person(name, policy))],
  ['Who is called, and when', ladder(policy)],
  ['Who else hears of it', heard(policy)],
  ['Releases', release(policy)],
  ['Schedules', schedules(policy)],
  ['Jobs of GitHub Actions that may ask', jobs(policy)],
]

const service = (name: string, policy: Policy): string => {
  const { workflow = '', ref = '' } = policy.services[name] ?? {}
  return `${name} is deployed by ${workflow} of ${repositoryOf(policy, name)}, from ${ref}.`
}

const person = (name: string, { people }: Policy): string => {
  const { github, github_team, slack, email, phone, quiet } = people[name] ?? {}
  const known = [github && 'an account at GitHub', github_team && 'a team at GitHub'].filter(Boolean)
  const reached = [slack && 'Slack', email && 'mail', phone && 'SMS'].filter(Boolean)
  const night = quiet ? ` Not woken from ${quiet.from} to ${quiet.to} (${quiet.tz}) but by what is urgent.` : ''
  const by = known.length === 0 ? 'known by name only' : `known by ${known.join(' and ')}`
  return `${name}: ${by}; ${reached.length === 0 ? 'reached on these pages only' : `reached by ${reached.join(', ')}`}.${night}`
}

const NAMES: Record<Personal, string> = { slack: 'Slack', email: 'mail', sms: 'SMS' }

const ladder = ({ escalation }: Policy): string[] =>
  escalation === undefined
    ? [
        'As usual: at once where they look first, after 15 minutes by mail too, after 30 by SMS too. What is urgent goes three times as fast.',
      ]
    : escalation.map(rung)

const rung = ({ after_seconds, by, people }: Rung): string => {
  const when = after_seconds === 0 ? 'At once' : `After ${durationInWords(after_seconds)}`
  const how = by === null ? 'where they look first' : `by ${by.map((way) => NAMES[way]).join(' and ')}`
  return `${when}: ${people ? people.join(', ') : 'everybody who may answer'}, ${how}.`
}

const heard = ({ notify = [] }: Policy): string[] => (notify.length === 0 ? ['Nobody.'] : notify.map(rule))

const rule = ({ address, on, services, environments }: NotifyRule): string => {
  const about = [services?.join(', '), environments && `on ${environments.join(', ')}`].filter(Boolean).join(' ')
  return `By ${inWords(wayOf(address))}, when something ${on.map(inWords).join(', ')}${about === '' ? '' : ` (${about})`}.`
}

const release = ({ release: plan }: Policy): string[] => {
  if (plan === null) return ['A merge sets nothing going.']
  const steps = plan.steps.map(
    ({ do: what, environment }) =>
      `${what === 'agent' ? 'let an agent deploy to' : what === 'test' ? 'test' : 'deploy to'} ${environment}`,
  )
  const back = plan.on_failure === 'rollback' ? ' When that fails, the rollback agent is asked.' : ''
  return [
    `A pull request that is merged into ${plan.branch} releases ${plan.services.join(' and ')}: ${steps.join(', then ')}.${back}`,
  ]
}

const schedules = ({ schedules: { stale_commits: stale } }: Policy): string[] =>
  stale === null
    ? ['None.']
    : [
        `At ${stale.cron} (${stale.tz}): asks about commits of ${stale.services.join(', ')} that are not on ${stale.environment}.`,
      ]

const jobs = ({ actions = [] }: Policy): string[] =>
  actions.length === 0
    ? ['None.']
    : actions.map(({ repository, ref, workflow }) => `${workflow} of ${repository}, on ${ref}.`)
