import { v7 as uuidv7 } from 'uuid'
import { describe, expect, test } from 'vitest'
import { Conflict } from '../../src/agent/ports.ts'
import { PARTS, statementOf } from '../../src/store/append-parts.ts'
import { rebuild } from '../../src/store/rebuild.ts'
import { type Deployment, deploymentsIn } from '../../src/thread/deployments.ts'
import { indexRow, rowOf } from '../../src/thread/index-row.ts'
import { after as secondsAfter } from '../../src/thread/time.ts'
import { runIs, running, START, story } from '../thread/spec.ts'
import { appendOf, oneStore } from './support.ts'

const backend = { service: 'backend', environment: 'production' }

/** A log in which a deployment ends, as one append. */
const ended = () => {
  const { events, state } = story([...running, runIs('completed', 'success')])
  const deployments = deploymentsIn(events)
  const row = { thread_id: state.id, events, index: { ...indexRow(state), holds: null }, deployments }
  return { row: { ...row, expected_version: 0, hold: 'keep' as const }, deployments }
}

describe('the index of deployments', () => {
  test('is written by the append that ends one, and is the same when it is made anew', async () => {
    const { log, pool, deployments } = await oneStore()
    const { row, deployments: expected } = ended()
    await log.append(row)
    expect(await deployments.latest([backend], 5)).toEqual(expected)
    await pool.query('delete from deployments')
    await rebuild(pool, rowOf)
    await rebuild(pool, rowOf)
    expect(await deployments.latest([backend], 5)).toEqual(expected)
  })

  test('holds nothing of an append that lost its place', async () => {
    const { log, deployments } = await oneStore()
    const { row } = ended()
    await expect(log.append({ ...row, expected_version: 3 })).rejects.toThrow(Conflict)
    await log.append(appendOf(row.thread_id, 0, 1))
    await expect(log.append(row)).rejects.toThrow(Conflict)
    expect(await deployments.latest([backend], 5)).toEqual([])
  })

  test('costs no other append anything: they send what they sent before', () => {
    const without = PARTS.filter((part) => part !== 'deployed')
    expect(statementOf(without).text).not.toContain('deploy')
    expect(statementOf([]).text).not.toContain('deploy')
    expect(statementOf(PARTS).text).toContain('insert into deployments')
  })

  test('gives the latest of each place', async () => {
    const { put, deployments } = await filled()
    for (let i = 1; i <= 4; i++) await put({ tag: `v${i}`, hours: i })
    await put({ tag: 'v9', hours: 1, environment: 'staging' })
    const places = [backend, { service: 'backend', environment: 'staging' }, { service: 'x', environment: 'staging' }]
    expect((await deployments.latest(places, 2)).map(({ tag }) => tag)).toEqual(['v4', 'v3', 'v9'])
  })
})

const filled = async () => {
  const store = await oneStore()
  const [model] = ended().deployments
  const put = async ({ hours, ...more }: Partial<Deployment> & { hours: number }) => {
    const row = {
      ...model,
      thread_id: uuidv7(),
      seq: 1,
      first_commit_at: null,
      ...more,
      at: secondsAfter(START, hours * 3600),
    }
    const text = 'insert into deployments select * from jsonb_populate_record(null::deployments, $1::jsonb)'
    await store.pool.query(text, [JSON.stringify(row)])
  }
  return { ...store, put }
}

describe('weeks', () => {
  test('count what went live, how long it took, what failed and how long until it was well again', async () => {
    const { put, deployments } = await filled()
    await put({ hours: 1, first_commit_at: START, waited_ms: 4_000 })
    await put({ hours: 4, status: 'failure' })
    await put({ hours: 5, status: 'failure' })
    await put({ hours: 6, status: 'cancelled' })
    await put({ hours: 7, first_commit_at: secondsAfter(START, 3600), model_cost: 0.02 })
    await put({ hours: 8, model_cost: 0.001 })
    await put({ hours: 10, kind: 'rollback' })
    await put({ hours: 9, environment: 'staging' })
    await put({ hours: 24 * 7, service: 'frontend' })
    const [first, second] = await deployments.weeks('production', START)
    expect(first).toMatchObject({
      service: 'backend',
      monday: '2026-11-23',
      deployed: 4,
      rolled_back: 1,
      changes: 5,
      failed: 3,
      // One hour, and six.
      lead_seconds: 3.5 * 3600,
      // Three hours from the first failure to what went live at seven; two from the bad one at eight to its rollback.
      restore_seconds: 2.5 * 3600,
      model_cost: 0.021,
    })
    expect(second).toMatchObject({
      service: 'frontend',
      monday: '2026-11-30',
      deployed: 1,
      failed: 0,
      lead_seconds: null,
      model_cost: null,
    })
  })

  test('begin where they are asked to', async () => {
    const { put, deployments } = await filled()
    await put({ hours: 1 })
    expect(await deployments.weeks('production', secondsAfter(START, 7200))).toEqual([])
  })

  // 0.36 s on two busy cores. Counted pair by pair it would be hours.
  test('of 100,000 deployments are counted in seconds', async () => {
    const { pool, deployments, put } = await filled()
    await put({ hours: 1 })
    // In parts: on a busy machine all of them take longer than the pool lets a statement take.
    for (const from of [1, 25_001, 50_001, 75_001])
      await pool.query(`insert into deployments select gen_random_uuid(), 1, case when n % 20 = 0 then 'rollback' else 'deploy' end, 'service-' || n % 10,
      environment, tag, sha, case when n % 7 = 0 then 'failure' else 'success' end, replaced_tag, replaced_sha, html_url, asked_by, approved_by,
      at - interval '3 days', commits, waited_ms, 3, 5000, 100, at + n * interval '70 seconds'
      from (select * from deployments order by at limit 1) first, generate_series(${from}, ${from + 24_999}) n`)
    await pool.query('analyze deployments')
    const began = performance.now()
    expect((await deployments.weeks('production', START)).length).toBeGreaterThan(100)
    expect(performance.now() - began).toBeLessThan(8_000)
  })
})
