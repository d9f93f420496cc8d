import type { PoolConfig } from 'pg'
import { Registry } from 'prom-client'
import { onTestFinished } from 'vitest'
import { WriteDoor } from '../../src/agent/door.ts'
import { rulesOf } from '../../src/agent/rules.ts'
import { buildApp } from '../../src/http/app.ts'
import type { AppDeps } from '../../src/http/deps.ts'
import { createOidc } from '../../src/http/oidc.ts'
import { createSessions } from '../../src/http/sign-in/sessions.ts'
import { openStore } from '../../src/store/store.ts'
import { createHealth } from '../../src/telemetry/health.ts'
import { policy } from '../thread/spec.ts'
import { createApi } from './service.ts'

const nobody = () => Promise.reject(new Error('nobody asks GitHub'))

/** The real HTTP edge and the real store, and nobody who works on threads: what is launched stays due. */
export const startApp = async (
  connection: PoolConfig,
  deps: Partial<AppDeps> = {},
  finished: (clean: () => Promise<void>) => void = onTestFinished,
) => {
  const store = await openStore({ connection })
  const door = new WriteDoor({ ...store, rules: rulesOf(policy), hasRoom: () => false })
  const app = await buildApp({
    ...store,
    door,
    policy,
    live: nobody,
    branches: { waiting: nobody },
    unknownTag: () => Promise.resolve(null),
    parts: [],
    pulses: () => ({}),
    strings: null,
    gates: { asked: () => Promise.resolve([]) },
    model: { preview: () => Promise.reject(new Error('nobody asks')) },
    health: createHealth({ silentMs: () => 0, schema: store.schema }).check,
    registry: new Registry(),
    publicUrl: 'http://127.0.0.1',
    auth: 'local',
    oidc: createOidc({ issuer: null, audience: 'http://127.0.0.1', now: store.log.now }),
    githubWebhookSecret: 'a-github-webhook-secret',
    slack: null,
    humanWebhookSecrets: [],
    webhookPrivateHosts: [],
    humanLayer: false,
    ways: [],
    members: { permission: nobody, isMember: nobody },
    conversation: { pull: nobody, comment: nobody, say: nobody, react: nobody },
    releases: { merged: nobody },
    forgetInstallations: () => {},
    apps: { convert: nobody },
    githubApiUrl: 'https://api.github.com',
    sessions: createSessions(null),
    signIn: null,
    logger: false,
    ...deps,
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  finished(async () => {
    await app.close()
    await store.close()
  })
  return { ...createApi(() => url, {}, 0), url, server: app.server, store, door }
}
