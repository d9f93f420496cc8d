import { createHash } from 'node:crypto'
import type { PoolConfig } from 'pg'
import { onTestFinished } from 'vitest'
import { createDoor, createWriter } from '../../src/agent/door.ts'
import { buildApp } from '../../src/http/app.ts'
import { openStore } from '../../src/store/store.ts'
import { LIMITS } from '../../src/thread/rules.ts'
import { policy } from '../thread/spec.ts'
import { createApi } from './service.ts'

/** The real HTTP edge and the real store, and nobody who works on threads: what is launched stays due. */
export const startApp = async (connection: PoolConfig) => {
  const store = await openStore({ connection })
  const hash = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex')
  const door = createDoor(createWriter(store.log, store.bell, { policy, limits: LIMITS, hash }), store.log)
  const app = await buildApp({
    ...store,
    door,
    policy,
    model: { preview: () => Promise.reject(new Error('nobody asks')) },
    publicUrl: 'http://127.0.0.1',
    auth: 'local',
    githubWebhookSecret: 'a-github-webhook-secret',
    humanWebhookSecret: null,
    logger: false,
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  onTestFinished(async () => {
    await app.close()
    await store.close()
  })
  return { ...createApi(() => url), url, server: app.server, store }
}
