import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { impossibleSignIns } from '../../src/config/fresh.ts'
import { ConfigError, readConfig } from '../../src/config.ts'
import type { Policy } from '../../src/thread/policy.ts'

const ROOT = join(import.meta.dirname, '../..')
const whsec = `whsec_${Buffer.alloc(24, 'k').toString('base64')}`
const problems = (env: NodeJS.ProcessEnv, directory = ROOT): string[] => {
  try {
    readConfig(env, directory)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

/** The problems of a deploybot.yaml with this text. */
const inYaml = (text: string): string[] => {
  const directory = mkdtempSync(join(tmpdir(), 'deploybot-config-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  writeFileSync(join(directory, 'deploybot.yaml'), text)
  return problems({}, directory).map((problem) => problem.replace(`${directory}/`, ''))
}

const policyIn = (text: string) => {
  const directory = mkdtempSync(join(tmpdir(), 'deploybot-config-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  writeFileSync(join(directory, 'deploybot.yaml'), text)
  return readConfig({}, directory).policy
}

const key = '-----BEGIN PRIVATE KEY-----\\nabc\\n-----END PRIVATE KEY-----'
const secret = 'a-webhook-secret-of-24-c'

describe('with nothing set', () => {
  const config = readConfig({}, ROOT)
  test('everything is a sandbox on loopback', () =>
    expect(config).toMatchObject({
      http: { host: '127.0.0.1', port: 8000, publicUrl: 'http://127.0.0.1:8000' },
      auth: 'local',
      model: null,
      github: null,
      otlpEndpoint: null,
      production: false,
    }))
  test('the shipped rules hold', () =>
    expect(config.policy).toMatchObject({
      repository: 'acme/shop',
      version: expect.stringMatching(/^[0-9a-f]{12}$/),
      environments: {
        staging: { approvals: 0, approvers: [], after: null },
        production: {
          approvals: 1,
          approvers: ['lead', 'oncall', 'local'],
          after: 'staging',
          expires_after_seconds: 3600,
        },
      },
    }))
})

describe('the environment', () => {
  test.each<[string, NodeJS.ProcessEnv]>([
    ['a token', { GITHUB_TOKEN: 't', GITHUB_WEBHOOK_SECRET: secret }],
    ['an App', { GITHUB_APP_ID: '12', GITHUB_APP_PRIVATE_KEY: key, GITHUB_WEBHOOK_SECRET: secret }],
    ['a model with the usual key', { LLM_PROVIDER: 'anthropic', LLM_MODEL: 'm', ANTHROPIC_API_KEY: 'k' }],
    [
      'another model that stands in',
      {
        LLM_PROVIDER: 'ollama',
        LLM_MODEL: 'm',
        LLM_FALLBACK_PROVIDER: 'openai',
        LLM_FALLBACK_MODEL: 'n',
        OPENAI_API_KEY: 'k',
      },
    ],
    ['a local model', { LLM_PROVIDER: 'ollama', LLM_MODEL: 'm' }],
    ['tokens on all interfaces', { HOST: '0.0.0.0', DEPLOYBOT_AUTH: 'tokens' }],
    ['an empty variable, which is none', { LLM_PROVIDER: '', PORT: ' ' }],
  ])('may name %s', (_, env) => expect(problems(env)).toEqual([]))

  test.each<[NodeJS.ProcessEnv, string]>([
    [{ PORT: '80x' }, 'PORT: "80x" must be a whole number from 0 to 65535'],
    [{ PORT: '70000' }, 'PORT: "70000" must be a whole number from 0 to 65535'],
    [{ DEPLOYBOT_AUTH: 'none' }, 'DEPLOYBOT_AUTH: "none" is none of: local, tokens'],
    [
      { HOST: '0.0.0.0', DEPLOYBOT_AUTH: 'local' },
      'DEPLOYBOT_AUTH: local is for loopback; HOST is 0.0.0.0: use tokens',
    ],
    [
      { DATABASE_URL: 'mysql://u:p4ss@h/d' },
      'DATABASE_URL: must be a URL that begins with postgres:// or postgresql://',
    ],
    [{ PUBLIC_URL: 'deploy.acme.test' }, 'PUBLIC_URL: must be a URL that begins with http:// or https://'],
    [
      { LLM_PROVIDER: 'gpt' },
      'LLM_PROVIDER: "gpt" is none of: openai, openai-responses, openai-generic, anthropic, google-ai, azure-openai, openrouter, ollama, aws-bedrock, vertex-ai',
    ],
    [{ LLM_PROVIDER: 'openai', LLM_MODEL: 'm' }, 'LLM_API_KEY: is missing for openai (OPENAI_API_KEY will do)'],
    [{ LLM_PROVIDER: 'ollama' }, 'LLM_MODEL: is missing for ollama'],
    [
      { LLM_FALLBACK_PROVIDER: 'ollama', LLM_FALLBACK_MODEL: 'm' },
      'LLM_FALLBACK_PROVIDER: is set, but LLM_PROVIDER is not',
    ],
    [
      { LLM_PROVIDER: 'ollama', LLM_MODEL: 'm', LLM_FALLBACK_PROVIDER: 'anthropic', LLM_FALLBACK_MODEL: 'n' },
      'LLM_FALLBACK_API_KEY: is missing for anthropic (ANTHROPIC_API_KEY will do)',
    ],
    [{ LLM_PROVIDER: 'openai-generic', LLM_MODEL: 'm' }, 'LLM_BASE_URL: is missing for openai-generic'],
    [{ GITHUB_APP_ID: '12', GITHUB_WEBHOOK_SECRET: secret }, 'GITHUB_APP_PRIVATE_KEY: is missing beside GITHUB_APP_ID'],
    [{ GITHUB_TOKEN: 't', GITHUB_WEBHOOK_SECRET: 'short' }, 'GITHUB_WEBHOOK_SECRET: must be at least 16 characters'],
    [
      { HUMAN_WEBHOOK_SECRET: `${whsec} plain` },
      'HUMAN_WEBHOOK_SECRET: must be whsec_ and base64; several are separated by spaces',
    ],
    [
      { WEBHOOK_PRIVATE_HOSTS: 'tools.internal, https://ci.internal/' },
      'WEBHOOK_PRIVATE_HOSTS: must be host names without port or path, separated by spaces',
    ],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4317' },
      'OTEL_EXPORTER_OTLP_ENDPOINT: must be a URL that begins with http:// or https://',
    ],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL: "loud" is none of: trace, debug, info, warn, error, fatal, silent'],
    [
      { DEPLOYBOT_FAILPOINT: 'append:after', NODE_ENV: 'production' },
      'DEPLOYBOT_FAILPOINT: NODE_ENV=production allows no failpoint',
    ],
    [{ HUMANLAYER_API_KEY: 'hl-12345678' }, 'HUMANLAYER_API_BASE: is missing beside HUMANLAYER_API_KEY'],
    [
      { HUMANLAYER_API_KEY: 'hl-12345678', HUMANLAYER_API_BASE: 'https://hl.test/v1' },
      'HUMAN_WEBHOOK_SECRET: is missing beside HUMANLAYER_API_KEY: answers come in by it',
    ],
    [
      { HUMANLAYER_API_KEY: 'k', HUMANLAYER_API_BASE: 'https://hl.test/v1', HUMAN_WEBHOOK_SECRET: whsec },
      'HUMANLAYER_API_KEY: must be 8 to 500 printable characters',
    ],
  ])('%j is refused', (env, line) => expect(problems(env)).toContain(line))

  test('a GitHub without a webhook secret is refused', () =>
    expect(problems({ GITHUB_TOKEN: 't' })).toEqual([expect.stringMatching(/^GITHUB_WEBHOOK_SECRET: is missing/)]))
  test('a model key without its provider is refused', () =>
    expect(problems({ LLM_API_KEY: 'sk-1' })).toEqual([
      expect.stringMatching(/^LLM_API_KEY: is set, but LLM_PROVIDER is not/),
    ]))
  test('a misspelt failpoint is refused, as it would test nothing', () =>
    expect(problems({ DEPLOYBOT_FAILPOINT: 'apend:after' })).toEqual([
      expect.stringMatching(/^DEPLOYBOT_FAILPOINT: must be PLACE\S* of load:before, .*append:after/),
    ]))
  test.each<[NodeJS.ProcessEnv, string | null]>([
    [{}, null],
    [{ GITHUB_TOKEN: 't', GITHUB_WEBHOOK_SECRET: secret }, 'https://token.actions.githubusercontent.com'],
    [
      { GITHUB_TOKEN: 't', GITHUB_WEBHOOK_SECRET: secret, GITHUB_API_URL: 'https://ghe.test/api/v3' },
      'https://ghe.test/_services/token',
    ],
    // Another GitHub's repositories may have the same names: its tokens must not be taken for ours.
    [{ GITHUB_TOKEN: 't', GITHUB_WEBHOOK_SECRET: secret, GITHUB_API_URL: 'https://api.acme.ghe.test' }, null],
    [{ GITHUB_OIDC_ISSUER: 'https://token.acme.test/' }, 'https://token.acme.test'],
  ])('%j takes job tokens of %s', (env, issuer) => expect(readConfig(env, ROOT).oidcIssuer).toBe(issuer))
  test.each(['http://token.acme.test', 'token.acme.test'])('an issuer %s is refused', (issuer) =>
    expect(problems({ GITHUB_OIDC_ISSUER: issuer })).toEqual([expect.stringMatching(/^GITHUB_OIDC_ISSUER: must be/)]),
  )
  test('several webhook secrets, and hosts of a private network, are lists', () => {
    const env = { HUMAN_WEBHOOK_SECRET: `${whsec}, ${whsec}`, WEBHOOK_PRIVATE_HOSTS: 'tools.internal, [fd12::1]' }
    expect(readConfig({ ...env, DEPLOYBOT_AUTH: 'tokens' }, ROOT)).toMatchObject({
      humanWebhookSecrets: [whsec, whsec],
      webhookPrivateHosts: ['tools.internal', '[fd12::1]'],
    })
    expect(readConfig({}, ROOT).webhookPrivateHosts).toContain('127.0.0.1')
    expect(readConfig({}, ROOT).humanWebhookSecrets).toEqual([])
  })
  test('all problems are told at once', () => expect(problems({ PORT: 'x', LOG_LEVEL: 'y' })).toHaveLength(2))
  test('no message repeats a secret', () => {
    const env = {
      GITHUB_WEBHOOK_SECRET: 's3cret',
      HUMAN_WEBHOOK_SECRET: 's3cret',
      LLM_API_KEY: 's3cret',
      DATABASE_URL: 's3cret',
    }
    expect(problems(env).length).toBeGreaterThan(2)
    expect(problems(env).join()).not.toContain('s3cret')
  })
  test('production allows no sandbox', () =>
    expect(problems({ NODE_ENV: 'production', DEPLOYBOT_AUTH: 'local' }).map((line) => line.split(':', 1)[0])).toEqual([
      'DEPLOYBOT_AUTH',
      'DATABASE_URL',
      'LLM_PROVIDER',
      'GITHUB_TOKEN',
    ]))
})

const VALID = `repository: acme/shop
services:
  backend: { workflow: deploy.yml }
environments:
  staging: { approvals: 0 }
people:
  lead: {}
`
const release = (steps: string, more = ''): string =>
  `${VALID}release:\n  on: pull_request_merged\n${more}  steps: ${steps}\n`

describe('a start where nobody can sign in', () => {
  const environments = { production: { fresh_sign_in_seconds: 900 }, staging: {} }
  const signIn = { clientId: 'x', clientSecret: 'x', sessionSecret: 'x' }
  test.each([
    ['local', null, /^deploybot.yaml: environments.production.fresh_sign_in: DEPLOYBOT_AUTH is local/],
    ['local', signIn, /DEPLOYBOT_AUTH is local/],
    ['tokens', null, /GITHUB_CLIENT_ID, GITHUB_CLIENT_SECRET and SESSION_SECRET are not set/],
  ] as const)('is refused where a yes wants it: %s', (auth, configured, why) =>
    expect(impossibleSignIns({ auth, signIn: configured, policy: { environments } })).toEqual([
      expect.stringMatching(why),
    ]),
  )
  test('and goes on where one can', () =>
    expect(impossibleSignIns({ auth: 'tokens', signIn, policy: { environments } })).toEqual([]))
})

describe('deploybot.yaml', () => {
  test('may say how a release goes', () => expect(inYaml(release('[deploy staging, e2e staging]'))).toEqual([]))
  test('may be as short as this', () => expect(inYaml(VALID)).toEqual([]))
  test('that is not there is refused', () =>
    expect(problems({ DEPLOYBOT_CONFIG: 'nope.yaml' })).toEqual([
      expect.stringMatching(/nope\.yaml: cannot be read \(ENOENT\)/),
    ]))
  test.each([
    [
      'an unknown key',
      VALID.replace('approvals: 0', 'approvers: [lead], aprovals: 0, approvals: 1'),
      'deploybot.yaml:5: environments.staging.aprovals: unknown key (did you mean approvals?); allowed: approvals, approvers, self_approval, after, expires_after, busy, freeze, break_glass, author_approval, email_code, fresh_sign_in',
    ],
    [
      'a section to come',
      `${VALID}freeze: []\n`,
      'deploybot.yaml:8: freeze: unknown key; allowed: repository, services, environments, people, release, schedules, notify, escalation, actions, email, model, rules, redact, judge',
    ],
    [
      'a wrong type',
      VALID.replace('approvals: 0', 'approvals: "0"'),
      'deploybot.yaml:5: environments.staging.approvals: "0" must be a whole number',
    ],
    [
      'a bad duration',
      VALID.replace('approvals: 0', 'approvals: 0, expires_after: 1 hour'),
      'deploybot.yaml:5: environments.staging.expires_after: "1 hour" must be a duration such as 90s, 60m, 2h or 1d',
    ],
    [
      'a job by a pattern',
      `${VALID}actions:\n  - { repository: a/b, ref: refs/heads/main, workflow: x.yml }\n  - { repository: a/b, ref: "refs/heads/*", workflow: x.yml }\n`,
      'deploybot.yaml:10: actions.1.ref: "refs/heads/*" must be a whole ref such as refs/heads/main; patterns are not known here',
    ],
    [
      'a job of any branch',
      `${VALID}actions:\n  - { repository: a/b, workflow: x.yml }\n`,
      'deploybot.yaml:9: actions.0: ref is missing',
    ],
    [
      'a misspelt key of a job',
      `${VALID}actions:\n  - { repository: a/b, ref: refs/heads/main, workflow: x.yml, enviroment: production }\n`,
      'deploybot.yaml:9: actions.0.enviroment: unknown key (did you mean environment?); allowed: repository, repository_id, ref, workflow, environment',
    ],
    ['a bad repository', VALID.replace('acme/shop', 'shop'), 'deploybot.yaml:1: repository: "shop" must be owner/name'],
    [
      'a capital name',
      VALID.replace('backend:', 'Backend:'),
      'deploybot.yaml:3: services.Backend: must be a lower-case name such as backend',
    ],
    [
      'a stranger',
      VALID.replace('approvals: 0', 'approvals: 1, approvers: [boss]'),
      'deploybot.yaml:5: environments.staging.approvers: "boss" is not in people; there are: lead',
    ],
    [
      'too few approvers',
      VALID.replace('approvals: 0', 'approvals: 2, approvers: [lead]'),
      'deploybot.yaml:5: environments.staging.approvals: 2 approvals need at least as many approvers; there are 1',
    ],
    [
      'an unknown stage',
      VALID.replace('approvals: 0', 'approvals: 0, after: test'),
      'deploybot.yaml:5: environments.staging.after: there is no environment "test"; there are: staging',
    ],
    [
      'a circle',
      VALID.replace('approvals: 0', 'approvals: 0, after: staging'),
      'deploybot.yaml:5: environments.staging.after: staging would have to come after itself',
    ],
    [
      'a step of a release that is none',
      release('[deploy staging, pray]'),
      'deploybot.yaml:10: release.steps: "pray" must be "deploy ENV", "e2e ENV", "agent deploy ENV" or, at the end, "on_failure agent rollback"',
    ],
    [
      'a rollback in the middle of a release',
      release('[on_failure agent rollback, e2e staging]'),
      expect.stringContaining('release.steps: "on_failure agent rollback" must be'),
    ],
    [
      'a release to nowhere',
      release('[agent deploy moon]'),
      'deploybot.yaml:10: release.steps: there is no environment "moon"',
    ],
    [
      'a release of nothing',
      release('[deploy staging]', '  services: [cart]\n'),
      'deploybot.yaml:10: release.services: there is no service "cart"',
    ],
    [
      'a release past the approvers',
      release('[deploy staging]').replace('approvals: 0', 'approvals: 1, approvers: [lead]'),
      'deploybot.yaml:10: release.steps: "deploy staging" would wait for approval of its own; say "agent deploy staging"',
    ],
    [
      'a schedule that is none',
      `${VALID}schedules: { stale_commits: { cron: "every day at 9" } }\n`,
      'deploybot.yaml:8: schedules.stale_commits.cron: "every day at 9" must have five fields, such as "0 9 * * 1-5"',
    ],
    [
      'a schedule with a slip',
      `${VALID}schedules: { stale_commits: { cron: "0 25 * * *" } }\n`,
      expect.stringContaining('schedules.stale_commits.cron: "0 25 * * *" is no schedule ('),
    ],
    [
      'a schedule that never comes',
      `${VALID}schedules: { stale_commits: { cron: "0 9 31 2 *" } }\n`,
      expect.stringContaining('"0 9 31 2 *" never comes'),
    ],
    [
      'a schedule elsewhere',
      `${VALID}schedules: { stale_commits: { cron: "0 9 * * *", tz: Mars/Base } }\n`,
      'deploybot.yaml:8: schedules.stale_commits.tz: there is no time zone "Mars/Base"; a name such as Europe/Berlin',
    ],
    ...[
      [
        'a strange zone',
        'days: [fri], tz: Europe/Berln',
        'tz: there is no time zone "Europe/Berln"; write one such as Europe/Berlin or UTC',
      ],
      [
        'a window over midnight',
        'days: [fri], from: "22:00", to: "06:00", tz: UTC',
        'from "22:00" must come before to "06:00"; a window over midnight is two: one to 24:00, and one from 00:00 on the days after',
      ],
      [
        'a time that is none',
        'days: [fri], from: "25:00", tz: UTC',
        'from: "25:00" must be a time from 00:00 to 24:00',
      ],
      ['a date that is none', 'dates: ["2026-02-30"], tz: UTC', 'dates: "2026-02-30" is no date such as 2026-12-24'],
      [
        'dates in the wrong order',
        'from: 2027-01-01, to: 2026-12-24, tz: UTC',
        'from "2027-01-01" must not come after to "2026-12-24"',
      ],
      [
        'days and dates',
        'days: [fri], dates: ["2026-12-24"], tz: UTC',
        expect.stringMatching(/^days and dates exclude each other/),
      ],
      ['neither days nor dates', 'tz: UTC', 'give days (with from and to as times), or dates, or from and to as dates'],
    ].map(([what, freeze, problem]): [string, string, unknown] => [
      `a freeze with ${what}`,
      VALID.replace('approvals: 0', `approvals: 0, freeze: [{ ${freeze}, reason: sale }]`),
      typeof problem === 'string'
        ? `deploybot.yaml:5: environments.staging.freeze: ${problem}`
        : expect.stringContaining('days and dates exclude each other'),
    ]),
    [
      'a day that is none',
      VALID.replace('approvals: 0', 'approvals: 0, freeze: [{ days: [friday], tz: UTC, reason: sale }]'),
      'deploybot.yaml:5: environments.staging.freeze.0.days.0: "friday" must be a day: mon, tue, wed, thu, fri, sat or sun',
    ],
    [
      'a listener at two addresses',
      `${VALID}notify: [{ on: [failed], email: a@b.test, webhook: "https://x.test" }]\n`,
      'deploybot.yaml:8: notify.0: give one of slack, email and webhook',
    ],
    [
      'a listener for nothing that happens',
      `${VALID}notify: [{ on: [exploded], email: a@b.test }]\n`,
      expect.stringContaining('notify.0.on.0: "exploded" must be one of launched, waiting, started'),
    ],
    [
      'a ladder to a stranger',
      `${VALID}escalation: [{ after: 5m, people: [boss] }]\n`,
      'deploybot.yaml:8: escalation.0.people: there is no person "boss"; there are: lead',
    ],
    [
      'a night nowhere',
      VALID.replace('lead: {}', 'lead: { quiet: { from: "22:00", to: "07:00", tz: Moon/Sea } }'),
      expect.stringContaining('people.lead.quiet.tz: there is no time zone "Moon/Sea"'),
    ],
    [
      'a stranger who breaks the glass',
      VALID.replace('approvals: 0', 'approvals: 0, break_glass: [boss]'),
      'deploybot.yaml:5: environments.staging.break_glass: "boss" is not in people; there are: lead',
    ],
    [
      'a pattern that is none',
      `${VALID}redact: ['CUST-[0-9']\n`,
      expect.stringMatching(/^deploybot.yaml:8: redact.0: "CUST-\[0-9" is no regular expression: /),
    ],
    [
      'a pattern that fits everything',
      `${VALID}redact: ['[a-z]*']\n`,
      'deploybot.yaml:8: redact.0: "[a-z]*" fits the empty text, and so nearly everything',
    ],
    [
      'a rule as long as a page',
      `${VALID}rules: [${'x'.repeat(201)}]\n`,
      expect.stringMatching(/^deploybot.yaml:8: rules.0: /),
    ],
    ['a missing part', VALID.replace('people:\n  lead: {}\n', ''), 'deploybot.yaml:1: the file: people is missing'],
    ['a key twice', `${VALID}repository: a/b\n`, 'deploybot.yaml:8: Map keys must be unique at line 8, column 1:'],
    ['no YAML', 'repository: [', expect.stringMatching(/^deploybot.yaml:1: /)],
  ])('with %s is refused by line', (_, text, line) => expect(inYaml(text)).toContainEqual(line))

  const version = (text: string): string => policyIn(text).version
  test('may say when nothing is deployed, who overrides that, and what becomes of the second', () => {
    const said = `approvals: 0, busy: refuse, break_glass: [lead, lead], freeze: [
      { days: [fri], from: "16:00", tz: Europe/Berlin, reason: weekend },
      { dates: [2026-12-24, 2026-12-31], tz: UTC, reason: holidays },
      { from: 2027-02-01, to: 2027-02-07, tz: UTC, reason: moving }]`
    expect(policyIn(VALID.replace('approvals: 0', said)).environments['staging']).toMatchObject({
      busy: 'refuse',
      break_glass: ['lead'],
      freeze: [
        { days: ['fri'], from: '16:00', to: '24:00', tz: 'Europe/Berlin', reason: 'weekend' },
        { first: '2026-12-24', last: '2026-12-24' },
        { first: '2026-12-31', last: '2026-12-31' },
        { first: '2027-02-01', last: '2027-02-07', reason: 'moving' },
      ],
    })
  })
  test('may say who hears of what, and who is called when nobody answers', () => {
    const said = `notify:
  - { on: [waiting, failed], slack: T01/C01, environments: [staging] }
  - { on: [failed], email: ops@acme.test }
escalation: [{ by: [slack] }, { after: 10m, by: [sms], people: [lead] }]
`
    expect(policyIn(VALID + said)).toMatchObject({
      version: policyIn(VALID).version,
      notify: [
        { address: { slack: { team: 'T01', channel: 'C01' } }, on: ['waiting', 'failed'], environments: ['staging'] },
        { address: { email: { to: 'ops@acme.test' } }, on: ['failed'] },
      ],
      escalation: [
        { after_seconds: 0, by: ['slack'] },
        { after_seconds: 600, by: ['sms'], people: ['lead'] },
      ],
    })
  })
  test('may want a fresh sign-in for a yes, which voids approvals', () => {
    const asks = VALID.replace('approvals: 0', 'approvals: 1, approvers: [lead]')
    const fresh = policyIn(asks.replace('approvers:', 'fresh_sign_in: 15m, approvers:'))
    expect(fresh?.environments['staging']).toMatchObject({ fresh_sign_in_seconds: 900 })
    expect(fresh?.version).not.toBe(policyIn(asks)?.version)
    expect(impossibleSignIns({ auth: 'tokens', signIn: null, policy: policyIn(asks) as Policy })).toEqual([])
  })
  test.each([
    ['approvals: 0, fresh_sign_in: 15m', 'nobody is asked there: approvals is 0'],
    ['approvals: 1, approvers: [lead], fresh_sign_in: 30s', /^must lie between 1m and 12h.*it is 30s$/],
    ['approvals: 1, approvers: [lead], fresh_sign_in: 1d', /^must lie between/],
    ['approvals: 1, approvers: [lead], fresh_sign_in: 15m, email_code: true', /^email_code lets people approve/],
  ])('%s is refused', (rules, why) => {
    const path = 'deploybot.yaml:5: environments.staging.fresh_sign_in: '
    const [problem = '', ...more] = inYaml(VALID.replace('approvals: 0', rules))
    expect([problem.slice(0, path.length), more]).toEqual([path, []])
    expect(problem.slice(path.length)).toMatch(why)
  })
  test('that tells a program needs what its notices are signed with', () =>
    expect(inYaml(`${VALID}notify: [{ on: [failed], webhook: "https://x.test/" }]\n`)).toEqual([
      'HUMAN_WEBHOOK_SECRET: is missing: notify in deploybot.yaml names a webhook, which would not be told',
    ]))
  test('may say what the model is told, and what nobody reads, without voiding approvals', () =>
    expect(policyIn(`${VALID}rules: [" Ask before Fridays. "]\nredact: ['CUST-\\d+']\n`)).toMatchObject({
      version: policyIn(VALID).version,
      rules: ['Ask before Fridays.'],
      redact: ['CUST-\\d+'],
    }))
  test('may limit what the model costs, where it says the price', () => {
    const limited = `${VALID}model: { daily_limit: 5, calls_per_minute: 60, prices: { m: { input: 2, output: 8, cached: 0.5 } } }\n`
    expect(policyIn(limited)).toMatchObject({
      version: policyIn(VALID).version,
      model: { daily_limit: 5, calls_per_minute: 60, prices: { m: { input: 2, output: 8, cached: 0.5 } } },
    })
    const directory = mkdtempSync(join(tmpdir(), 'deploybot-config-'))
    onTestFinished(() => rmSync(directory, { recursive: true }))
    writeFileSync(join(directory, 'deploybot.yaml'), limited)
    expect(problems({ LLM_PROVIDER: 'ollama', LLM_MODEL: 'm' }, directory)).toEqual([])
    expect(problems({ LLM_PROVIDER: 'ollama', LLM_MODEL: 'other' }, directory)).toEqual([
      'DEPLOYBOT_CONFIG: model.daily_limit needs model.prices of other, which LLM_* names',
    ])
  })
  test('that says nothing of these keeps the version that its rules had before there were any', () =>
    expect(Object.keys(policyIn(VALID).environments['staging'] ?? {})).toEqual([
      'approvals',
      'approvers',
      'self_approval',
      'after',
      'expires_after_seconds',
    ]))
  test('that is changed has another version', () =>
    expect(version(VALID)).not.toBe(version(VALID.replace('approvals: 0', 'approvals: 0, busy: refuse'))))
})
