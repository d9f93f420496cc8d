import type { Policy } from '../../../src/thread/policy.ts'
import { approves } from '../../thread/spec.ts'
import { given, inCategory, when } from '../case.ts'
import { anyOf, asks, deploys, ends as finishes, rollsBack, waits } from '../checks.ts'
import { answers, chose, ends, launchedByCode, picks, says, world } from '../thread.ts'
import { team } from '../world.ts'

const ASKED = 'deploy backend v1.2.3 to production'
const proposed = chose({ intent: 'deploy_backend', tag: 'v1.2.3', environment: 'production' })
const backend = deploys('backend', 'v1.2.3', 'production')
const whatNow = chose({
  intent: 'request_human_input',
  question: 'The run of backend v1.2.3 on production failed. What now?',
  context: 'https://github.com/acme/shop/actions/runs/7',
  options: { urgency: 'medium', format: 'multiple_choice', choices: ['try again', 'roll back', 'leave it'] },
})
const failed = [proposed, approves(), ends('failure')]
const log = { failure: { job: 'deploy', step: 'Migrate', log: 'Error: connection refused' } }

export const runs = inCategory('failed runs', [
  when(ASKED, ...failed).expects(asks()),
  when(ASKED, proposed, approves(), ends('cancelled')).called('a run that somebody cancelled').expects(asks()),
  when(ASKED, proposed, approves(), ends('timed_out')).called('a run that took too long').expects(asks()),
  when(ASKED, proposed, approves(), ends('failure', log)).called('a run that failed and says why').expects(asks()),
  when(ASKED, ...failed, whatNow, picks('try again')).expects(backend),
  when(ASKED, ...failed, whatNow, picks('roll back')).expects(rollsBack('backend', 'v1.2.2', 'production')),
  when(ASKED, ...failed, whatNow, picks('leave it')).expects(finishes()),
  when(ASKED, ...failed, whatNow, answers('deploy v1.2.4 instead')).expects(deploys('backend', 'v1.2.4', 'production')),
])

const freeze = [{ first: '2026-11-20', last: '2026-11-30', tz: 'UTC', reason: 'holidays' }]
const { staging, production } = team.environments
const frozen: Policy = {
  ...team,
  environments: { ...(staging && { staging }), ...(production && { production: { ...production, freeze } }) },
}
const locked = [
  {
    service: 'backend',
    environment: 'production',
    reason: 'moving the database',
    by: 'lead',
    since: '2026-11-23T07:00:00.000Z',
    until: '2026-11-23T12:00:00.000Z',
    thread_id: '01890a5d-ac96-774b-bcce-b302099a8058',
  },
]
const cannot = anyOf(asks(), finishes(), waits(1, 604_800))

export const guards = inCategory('freeze, lock and stage', [
  given({ policy: frozen }, ASKED, proposed).expects(cannot),
  given({ policy: frozen }, ASKED, proposed, whatNow, picks('leave it')).expects(finishes()),
  given({ locks: locked }, ASKED, proposed).expects(cannot),
  given({ locks: locked }, ASKED, proposed, whatNow, picks('try again')).expects(backend),
  given({ facts: { stage: { environment: 'staging', succeeded: false } } }, ASKED, proposed).expects(
    anyOf(asks('staging'), deploys('backend', 'v1.2.3', 'staging')),
  ),
  given(
    { facts: { stage: { environment: 'staging', succeeded: false } } },
    ASKED,
    proposed,
    whatNow,
    answers('deploy to staging first'),
  ).expects(deploys('backend', 'v1.2.3', 'staging')),
  given(
    { facts: { direction: 'backward' } },
    'deploy backend v1.2.1 to production',
    chose({
      intent: 'deploy_backend',
      tag: 'v1.2.1',
      environment: 'production',
    }),
  ).expects(rollsBack('backend', 'v1.2.1', 'production')),
  given({ facts: { direction: 'backward' } }, 'promote backend from staging to production', proposed).expects(asks()),
  given(
    { failure: { code: 'unknown_tag', message: 'there is no tag v1.2.5', nearest: ['v1.2.4', 'v1.2.3'] } },
    'deploy backend v1.2.5 to production',
    chose({ intent: 'deploy_backend', tag: 'v1.2.5', environment: 'production' }),
  ).expects(asks('v1.2.4')),
  given({ failure: { code: 'github_403', message: 'the token may not read deployments' } }, ASKED, proposed).expects(
    asks(),
  ),
])

const HEAD = '4af9ec0'.padEnd(40, '1')
const check = (environment: string) => ({
  service: 'backend',
  environment,
  live: null,
  head: { sha: HEAD },
  commits: 7,
})
const stale = (environment: string): string =>
  `backend has 7 commits on main that are not on ${environment}. Propose what to do.`
const tests = (...deployed: [string, string, string | null][]) => ({
  failed: { jobs: [], run_url: 'https://github.com/acme/shop/actions/runs/9', workflow: 'e2e.yml' },
  deployed: deployed.map(([service, tag, before]) => ({
    service,
    environment: 'production',
    tag,
    sha: HEAD,
    replaced: before === null ? null : { tag: before, sha: '9b1c0de'.padEnd(40, '2') },
  })),
})
const broken = 'The end-to-end tests on production failed. Propose what to do.'

export const code = inCategory('asked by code', [
  when(launchedByCode(stale('staging'), check('staging'))).expects(deploys('backend', HEAD, 'staging')),
  when(launchedByCode(stale('production'), check('production'))).expects(deploys('backend', HEAD, 'staging')),
  when(launchedByCode(broken, tests(['backend', 'v1.2.3', 'v1.2.2']), 'rollback'))
    .called('tests failed after backend went live')
    .expects(rollsBack('backend', 'v1.2.2', 'production')),
  when(launchedByCode(broken, tests(['backend', 'v1.2.3', 'v1.2.2'], ['frontend', 'v1.2.3', 'v1.2.1']), 'rollback'))
    .called('tests failed after backend and then frontend went live')
    .expects(rollsBack('frontend', 'v1.2.1', 'production')),
  when(launchedByCode(broken, tests(['backend', 'v1.2.3', null]), 'rollback'))
    .called('tests failed, and nothing was live before')
    .expects(asks()),
  when(launchedByCode(`deploy backend ${HEAD} to production`, { release: 'x' }), says('stop, please')).expects(
    anyOf(finishes(), asks()),
  ),
])

export const lookups = inCategory('facts that cannot be had', [
  given({ tags: [] }, 'deploy backend latest to production').expects(asks('backend')),
  given({ live: [] }, 'what is live on production?').expects(finishes()),
  given({ live: [] }, 'promote backend from staging to production').expects(asks()),
  when(ASKED, world({ live: [] }), proposed, approves(), ends('success')).expects(finishes('v1.2.3')),
])
