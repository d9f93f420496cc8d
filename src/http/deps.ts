import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify'
import type { Registry } from 'prom-client'
import type {
  Apps,
  Bell,
  Branches,
  Conversation,
  Deployments,
  Door,
  Gates,
  Health,
  Lanes,
  Listing,
  Live,
  Log,
  Members,
  Model,
  Overview,
  Part,
  Pulse,
  Releases,
  SignIn,
  SlackDesk,
  SlackInstalls,
  Strings,
  Tokens,
} from '../agent/ports.ts'
import type { Personal } from '../thread/contact/ladder.ts'
import type { Policy } from '../thread/policy.ts'
import type { Target } from '../thread/target.ts'
import type { MailIn } from './email/mail-in.ts'
import type { Oidc } from './oidc.ts'
import type { Sessions } from './sign-in/sessions.ts'
import type { SmsIn } from './sms/hear.ts'

/** What HTTP needs: doors to the log, never the worker. */
export interface AppDeps {
  door: Door
  log: Log
  listing: Listing
  overview: Overview
  lanes: Pick<Lanes, 'locked' | 'running'>
  deployments: Deployments
  /** What is live, and what waits to be, as GitHub says. */
  live: Live['live']
  branches: Branches
  /** Why there is no such tag or commit, in words; null: there is one, or nobody knows. */
  unknownTag: (target: Target) => Promise<string | null>
  tokens: Tokens
  bell: Bell
  model: Pick<Model, 'preview'>
  policy: Policy
  gates: Pick<Gates, 'asked'>
  /** Whether work can be done here now. */
  health: () => Promise<Health>
  /** What is connected, and when each last worked. */
  parts: readonly Part[]
  pulses: () => Record<string, Pulse>
  /** Null: nothing here is a sandbox, or others than this machine reach it. */
  strings: Strings | null
  /** What /metrics shows; HTTP adds its own. */
  registry: Registry
  publicUrl: string
  auth: 'local' | 'tokens'
  /** What signed-in browsers bear. */
  sessions: Sessions
  /** Null: nobody can sign in here. */
  signIn: SignIn | null
  /** Tells whether a token is that of a GitHub Actions job. */
  oidc: Oidc
  githubWebhookSecret: string | null
  /** Who people at GitHub are, and its pull requests. */
  members: Members
  conversation: Conversation
  releases: Pick<Releases, 'merged'>
  /** The App's installation changed: whoever acts through it looks for it anew. */
  forgetInstallations: () => void
  /** Makes a GitHub App out of the code that GitHub sends back. */
  apps: Apps
  /** Where GitHub's own API is, also while a sandbox stands in for it. */
  githubApiUrl: string
  /** Null: Slack is not set up. */
  slack: SlackEdge | null
  /** Any of them is taken; none: no such webhooks come in or go out. */
  humanWebhookSecrets: readonly string[]
  webhookPrivateHosts: readonly string[]
  /** Whether a service that speaks for people can be asked. */
  humanLayer: boolean
  /** By which of these people can be reached. */
  ways: readonly Personal[]
  /** Hearing mail; not there: it does not come in. */
  mailIn?: MailIn | null
  /** Hearing SMS, likewise. */
  smsIn?: SmsIn | null
  logger: FastifyBaseLogger | false
}

/** What is needed to hear people in Slack. */
export interface SlackEdge {
  signingSecret: string
  desk: SlackDesk
  /** The thread that hears what is said at the address of this key (`keyOf`); null: none does. */
  threadAt: (key: string) => Promise<string | null>
  /** Null: there is the one workspace whose token is configured. `secret`: what the state of an installation is signed with. */
  installs: (SlackInstalls & { secret: string }) | null
}

/** An app whose handlers take their types from their schemas. */
export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>
