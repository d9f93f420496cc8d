import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify'
import type { Registry } from 'prom-client'
import type { Bell, Door, Health, Listing, Log, Model, Tokens } from '../agent/ports.ts'
import type { Policy } from '../thread/policy.ts'
import type { Oidc } from './oidc.ts'

/** What HTTP needs: doors to the log, never the worker. */
export interface AppDeps {
  door: Door
  log: Log
  listing: Listing
  tokens: Tokens
  bell: Bell
  model: Pick<Model, 'preview'>
  policy: Policy
  /** Whether work can be done here now. */
  health: () => Promise<Health>
  /** What /metrics shows; HTTP adds its own. */
  registry: Registry
  publicUrl: string
  auth: 'local' | 'tokens'
  /** Tells whether a token is that of a GitHub Actions job. */
  oidc: Oidc
  githubWebhookSecret: string | null
  humanWebhookSecret: string | null
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
