import { approves, rejects } from '../../thread/spec.ts'
import { inCategory, when } from '../case.ts'
import { anyOf, asks, changesNothing, deploys, ends as finishes, looksUp, rollsBack, waits } from '../checks.ts'
import { answers, chose, ends, expires, says } from '../thread.ts'

const ASKED = 'deploy backend v1.2.3 to production'
const proposed = chose({ intent: 'deploy_backend', tag: 'v1.2.3', environment: 'production' })
const backend = deploys('backend', 'v1.2.3', 'production')
const asked = chose({ intent: 'request_more_information', question: 'Which tag, and where to?' })
const done = chose({ intent: 'done_for_now', message: 'backend v1.2.3 is live on production.' })
const deployed = [proposed, approves(), ends('success'), done]

export const mind = inCategory('change of mind', [
  when(ASKED, proposed, says('use v1.2.2 instead')).expects(deploys('backend', 'v1.2.2', 'production')),
  when(ASKED, proposed, says('to staging, please')).expects(deploys('backend', 'v1.2.3', 'staging')),
  when(ASKED, proposed, says('stop')).expects(finishes()),
  when(ASKED, proposed, says('never mind')).expects(finishes()),
  when(ASKED, proposed, says('actually, the frontend')).expects(deploys('frontend', 'v1.2.3', 'production')),
  when(ASKED, proposed, says('wait 5 minutes')).expects(waits(300)),
  when(ASKED, proposed, says('thanks')).expects(backend),
  when(ASKED, proposed, says('what is live on production?')).expects(
    anyOf(asks('v1.2.2'), finishes('v1.2.2'), looksUp('check_deployment_status')),
  ),
  when(ASKED, proposed, says('hmm, I saw a bug there')).expects(changesNothing),
  when(ASKED, proposed, says('also deploy the frontend')).expects(
    anyOf(backend, deploys('frontend', 'v1.2.3', 'production')),
  ),
  when('deploy backend', asked, answers('v1.2.3 to production')).expects(backend),
  when('deploy backend to production', asked, answers('the latest')).expects(
    deploys('backend', 'v1.2.4', 'production'),
  ),
  when(ASKED, ...deployed, says('roll it back')).expects(rollsBack('backend', 'v1.2.2', 'production')),
  when(ASKED, ...deployed, says('now the frontend')).expects(deploys('frontend', 'v1.2.3', 'production')),
])

export const rejections = inCategory('feedback on rejection', [
  when(ASKED, proposed, rejects('use v1.2.2 instead')).expects(deploys('backend', 'v1.2.2', 'production')),
  when(ASKED, proposed, rejects("don't deploy v1.2.3, use v1.2.2")).expects(deploys('backend', 'v1.2.2', 'production')),
  when(ASKED, proposed, rejects('yes but use the latest tag')).expects(deploys('backend', 'v1.2.4', 'production')),
  when(ASKED, proposed, rejects('staging first')).expects(deploys('backend', 'v1.2.3', 'staging')),
  when(ASKED, proposed, rejects('can you deploy the frontend first?')).expects(
    deploys('frontend', 'v1.2.3', 'production'),
  ),
  when(ASKED, proposed, rejects('no, stop')).expects(finishes()),
  when(ASKED, proposed, rejects('')).expects(asks()),
  when(ASKED, proposed, rejects('no')).expects(anyOf(asks(), finishes())),
  when(ASKED, proposed, rejects('I do not like it')).expects(anyOf(asks(), finishes())),
  when(ASKED, proposed, rejects('use v9.9.9')).expects(asks('v9.9.9')),
  when(ASKED, proposed, rejects('wait 5 minutes')).expects(waits(300)),
  when(ASKED, proposed, rejects('bitte v1.2.2 nehmen')).expects(deploys('backend', 'v1.2.2', 'production')),
  when(ASKED, proposed, rejects('not before the tests on staging are green')).expects(
    anyOf(asks(), finishes(), looksUp('get_workflow_status', 'check_deployment_status'), waits(1, 604_800)),
  ),
  when(ASKED, proposed, expires).expects(asks()),
])

export const nothing = inCategory('nothing to do', [
  when('thanks!').expects(finishes()),
  when('what is live?').expects(finishes('v1.2.3')),
  when('what is live on production?').expects(finishes('v1.2.2')),
  when('which tags are there?').expects(finishes('v1.2.4')),
  when('did you deploy backend v1.2.3 to staging?').expects(changesNothing),
  when("don't deploy backend v1.2.3 to production").expects(changesNothing),
  when('stop').expects(anyOf(finishes(), asks())),
  when('make me a sandwich').expects(anyOf(finishes(), asks())),
  when('what would ship to production?').expects(looksUp('compare_commits')),
  when("what's the difference between v1.2.1 and v1.2.3?").expects(looksUp('compare_commits')),
  when('good morning everybody').expects(anyOf(finishes(), asks())),
  when('who broke production?').expects(changesNothing),
  when(ASKED, proposed, approves(), ends('success')).expects(finishes('v1.2.3')),
])

export const back = inCategory('the rollback agent', [
  ...(
    [
      ['roll back backend on production to v1.2.1', rollsBack('backend', 'v1.2.1', 'production')],
      ['put frontend on production back to v1.2.1, undo it', rollsBack('frontend', 'v1.2.1', 'production')],
      ['deploy backend v1.2.4 to production', anyOf(finishes(), asks())],
      ['roll back backend on production', asks('v1.2.1')],
    ] as const
  ).map(([words, check]) =>
    when({ type: 'launch', agent: 'rollback', message: words, actor: { kind: 'person', id: 'dev' } }).expects(check),
  ),
])
