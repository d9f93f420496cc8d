import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify'
import type { Registry } from 'prom-client'
import type {
  Apps,
  Bell,
  Conversation,
  Door,
  Gates,
  Health,
  Lanes,
  Listing,
  Log,
  Members,
  Model,
  Releases,
  Tokens,
} from '../agent/ports.ts'
import type { Policy } from '../thread/policy.ts'
import type { MailIn } from './email/mail-in.ts'
import type { Oidc } from './oidc.ts'
import type { SmsIn } from './sms/hear.ts'

/** What HTTP needs: doors to the log, never the worker. */
export interface AppDeps {
  door: Door
  log: Log
  listing: Listing
  lanes: Pick<Lanes, 'locked'>
  tokens: Tokens
  bell: Bell
  model: Pick<Model, 'preview'>
  policy: Policy
  gates: Pick<Gates, 'asked'>
  /** Whether work can be done here now. */
  health: () => Promise<Health>
  /** What /metrics shows; HTTP adds its own. */
  registry: Registry
  publicUrl: string
  auth: 'local' | 'tokens'
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
  humanWebhookSecret: string | null
  /** Hearing mail; not there: it does not come in. */
  mailIn?: MailIn | null
  /** Hearing SMS, likewise. */
  smsIn?: SmsIn | null
  logger: FastifyBaseLogger | false
}

/** An app whose handlers take their types from their schemas. */
export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>
