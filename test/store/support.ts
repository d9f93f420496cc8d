import { randomUUID } from 'node:crypto'
import { onTestFinished } from 'vitest'
import type { Append } from '../../src/agent/ports.ts'
import { openStore } from '../../src/store/store.ts'
import type { Event } from '../../src/thread/event.ts'
import { freshDatabase } from '../support/postgres.ts'

export const AT = '2026-11-23T08:00:00.123Z'

/** `count` processes over one database. */
export const stores = async (count = 1) => {
  const { connection, drop } = await freshDatabase()
  const opened = await Promise.all(Array.from({ length: count }, () => openStore({ connection })))
  onTestFinished(async () => {
    await Promise.all(opened.map((store) => store.close()))
    await drop()
  })
  return opened
}

export const oneStore = async () => {
  const [store] = await stores(1)
  if (!store) throw new Error('no store')
  return store
}

export const message = (thread_id: string, seq: number, text = 'hi'): Event => ({
  thread_id,
  seq,
  at: AT,
  type: 'message',
  data: { message: text },
  actor: { kind: 'person', id: 'dev' },
})

/** An append of `count` messages behind `version`. */
export const appendOf = (thread_id: string, version = 0, count = 1, more: Partial<Append> = {}): Append => ({
  thread_id,
  expected_version: version,
  events: Array.from({ length: count }, (_, i) => message(thread_id, version + 1 + i)),
  index: {
    id: thread_id,
    agent: 'deploy',
    title: 't',
    status: 'running',
    parent_id: null,
    forked_from: null,
    run_id: null,
    created_at: AT,
    holds: null,
    sole: null,
    addresses: null,
    service: null,
    environment: null,
    person: null,
    waits: null,
    locks: null,
  },
  hold: 'wake',
  ...more,
})

export const newId = (): string => randomUUID()
export const delivery = (id: string, body_hash = 'h') => ({ source: 'test', id, body_hash })
export const taken = (id: string, body_hash = 'h', status = 201) => ({
  ...delivery(id, body_hash),
  answer: { status, body: { id } },
})
