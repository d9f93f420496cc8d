import Type, { type Static } from 'typebox'
import { DURATION } from '../thread/time.ts'
import { Duration, Name, Notify, Person, Rung, strict } from './people-schema.ts'

const Repository = Type.String({ pattern: '^[\\w.-]+/[\\w.-]+$' })

const Service = Type.Object(
  {
    repository: Type.Optional(Repository),
    workflow: Type.String({ pattern: '^[\\w.-]+\\.ya?ml$' }),
    ref: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  },
  strict,
)

const Day = Type.String({ pattern: '^(mon|tue|wed|thu|fri|sat|sun)$' })
const CalendarDate = Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' })

/** Days of the week (and times), or dates, or all days from a first to a last: which of them, freeze.ts looks. */
const Freeze = Type.Object(
  {
    days: Type.Optional(Type.Array(Day, { minItems: 1 })),
    dates: Type.Optional(Type.Array(CalendarDate, { minItems: 1 })),
    from: Type.Optional(Type.String()),
    to: Type.Optional(Type.String()),
    tz: Type.String(),
    reason: Type.String({ minLength: 1, maxLength: 200 }),
  },
  strict,
)

const Environment = Type.Object(
  {
    approvals: Type.Integer({ minimum: 0, maximum: 10 }),
    approvers: Type.Optional(Type.Array(Name)),
    self_approval: Type.Optional(Type.Boolean()),
    after: Type.Optional(Name),
    expires_after: Type.Optional(Duration),
    busy: Type.Optional(Type.Enum(['wait', 'refuse'])),
    freeze: Type.Optional(Type.Array(Freeze)),
    break_glass: Type.Optional(Type.Array(Name)),
    author_approval: Type.Optional(Type.Boolean()),
    email_code: Type.Optional(Type.Boolean()),
    fresh_sign_in: Type.Optional(Duration),
  },
  strict,
)

const Branch = Type.String({ minLength: 1, maxLength: 200 })
const Release = Type.Object(
  {
    on: Type.Literal('pull_request_merged'),
    branch: Type.Optional(Branch),
    services: Type.Optional(Type.Array(Name, { minItems: 1 })),
    tests: Type.Optional(
      Type.Object({ workflow: Type.String({ pattern: '^[\\w.-]+\\.ya?ml$' }), ref: Type.Optional(Branch) }, strict),
    ),
    steps: Type.Array(Type.String({ maxLength: 100 }), { minItems: 1, maxItems: 20 }),
  },
  strict,
)

const Schedules = Type.Object(
  {
    stale_commits: Type.Optional(
      Type.Object(
        {
          cron: Type.String({ minLength: 9, maxLength: 100 }),
          tz: Type.Optional(Type.String({ maxLength: 60 })),
          services: Type.Optional(Type.Array(Name, { minItems: 1 })),
          environment: Type.Optional(Name),
        },
        strict,
      ),
    ),
  },
  strict,
)

const Amount = Type.Number({ minimum: 0, maximum: 1_000_000 })
const Price = Type.Object({ input: Amount, output: Amount, cached: Type.Optional(Amount) }, strict)
const Model = Type.Object(
  {
    prices: Type.Optional(Type.Record(Type.String({ minLength: 1, maxLength: 200 }), Price)),
    daily_limit: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1_000_000 })),
    calls_per_minute: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000 })),
    tokens_per_minute: Type.Optional(Type.Integer({ minimum: 1_000, maximum: 1_000_000_000 })),
  },
  strict,
)

const Job = Type.Object(
  {
    repository: Repository,
    repository_id: Type.Optional(Type.Integer({ minimum: 1 })),
    ref: Type.String({ pattern: '^refs/(heads|tags)/[\\w./+-]{1,200}$' }),
    workflow: Type.String({ pattern: '^[\\w.-]+\\.ya?ml$' }),
    environment: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  },
  strict,
)

const Email = Type.Object(
  {
    allow: Type.Optional(Type.Array(Type.String({ pattern: '^[^@\\s]*@[^@\\s]+$' }), { maxItems: 100 })),
    authserv_id: Type.Optional(Type.String({ pattern: '^[\\w.-]{1,255}$' })),
  },
  strict,
)

/** What deploybot.yaml may say. */
export const DeploybotYaml = Type.Object(
  {
    repository: Repository,
    services: Type.Record(Name, Service, { minProperties: 1, additionalProperties: false }),
    environments: Type.Record(Name, Environment, { minProperties: 1, additionalProperties: false }),
    people: Type.Record(Name, Person, { additionalProperties: false }),
    release: Type.Optional(Release),
    schedules: Type.Optional(Schedules),
    notify: Type.Optional(Type.Array(Notify, { maxItems: 50 })),
    escalation: Type.Optional(Type.Array(Rung, { minItems: 1, maxItems: 10 })),
    actions: Type.Optional(Type.Array(Job, { maxItems: 100 })),
    email: Type.Optional(Email),
    model: Type.Optional(Model),
    rules: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' }), { maxItems: 12 })),
    redact: Type.Optional(Type.Array(Type.String({ minLength: 2, maxLength: 200 }), { maxItems: 20 })),
    judge: Type.Optional(Type.Boolean()),
  },
  strict,
)
export type DeploybotYaml = Static<typeof DeploybotYaml>

/** Patterns in words, for whoever wrote something else. */
export const IN_WORDS: Record<string, string> = {
  '^[a-z][a-z0-9_-]{0,39}$': 'a lower-case name such as backend',
  [DURATION]: 'a duration such as 90s, 60m, 2h or 1d',
  '^[\\w.-]+\\.ya?ml$': 'a workflow file such as deploy-backend.yml',
  '^[\\w.-]+/[\\w.-]+$': 'owner/name',
  '^refs/(heads|tags)/[\\w./+-]{1,200}$': 'a whole ref such as refs/heads/main; patterns are not known here',
  '^T[A-Z0-9]+/U[A-Z0-9]+$': 'a Slack team and user id such as T01AB/U02CD',
  '^[^@\\s]+@[^@\\s]+$': 'an e-mail address',
  '^[^@\\s]*@[^@\\s]+$': 'an e-mail address, or all of a domain such as @acme.test',
  '^[\\w.-]{1,255}$': "a mail server's name such as mx.acme.test",
  '^(mon|tue|wed|thu|fri|sat|sun)$': 'a day: mon, tue, wed, thu, fri, sat or sun',
  '^([01][0-9]|2[0-3]):[0-5][0-9]$': 'a time such as 22:00',
  '^(launched|waiting|started|succeeded|failed|rolled_back)$':
    'one of launched, waiting, started, succeeded, failed and rolled_back',
  '^T[A-Z0-9]+/[CG][A-Z0-9]+$': 'a Slack team and channel id such as T01AB/C02CD',
  '\\S': 'a text, not only blanks',
  '^https://[^\\s]{1,2000}$': 'an address that begins with https://',
  '^(slack|email|sms)$': 'one of slack, email and sms',
  '^[0-9]{4}-[0-9]{2}-[0-9]{2}$': 'a date such as 2026-12-24',
  '^\\+[0-9]{6,15}$': 'a phone number such as +15550100',
}
