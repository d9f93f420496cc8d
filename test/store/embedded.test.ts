import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, type PoolConfig } from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { startEmbedded } from '../../src/store/embedded.ts'

const START = join(import.meta.dirname, '../support/start-embedded.ts')

/** A data directory of one's own; a server that is left there ends with the test. */
const directory = async (): Promise<string> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'deploybot-embedded-'))
  onTestFinished(async () => {
    await end(dataDir)
    await rm(dataDir, { recursive: true, force: true })
  })
  return dataDir
}

const pidOf = async (dataDir: string): Promise<number> =>
  Number((await readFile(join(dataDir, 'pg18/postmaster.pid'), 'utf8').catch(() => '0')).split('\n')[0])

const end = async (dataDir: string): Promise<void> => {
  const pid = await pidOf(dataDir)
  if (pid > 0) process.kill(pid, 'SIGQUIT')
}

const query = async (connection: PoolConfig, text: string): Promise<Record<string, unknown>[]> => {
  const client = new Client(connection)
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

test('what was committed is there at the next start, and commits reach the disk', async () => {
  const dataDir = await directory()
  const first = await startEmbedded({ dataDir, dieWithParent: true })
  await query(first.connection, 'create table kept (word text)')
  await query(first.connection, "insert into kept values ('yesterday')")
  await first.stop()
  expect(await pidOf(dataDir)).toBe(0)
  const second = await startEmbedded({ dataDir, dieWithParent: true })
  expect(await query(second.connection, 'select word from kept')).toEqual([{ word: 'yesterday' }])
  expect(await query(second.connection, 'show fsync')).toEqual([{ fsync: 'on' }])
  expect(await query(second.connection, 'show synchronous_commit')).toEqual([{ synchronous_commit: 'on' }])
  expect(await query(second.connection, 'show listen_addresses')).toEqual([{ listen_addresses: '' }])
  await second.stop()
})

test('two that start at once on one directory share a server, which the last one stops', async () => {
  const dataDir = await directory()
  const [one, two] = await Promise.all([
    startEmbedded({ dataDir, dieWithParent: true }),
    startEmbedded({ dataDir, dieWithParent: true }),
  ])
  await query(one.connection, 'create table shared (id int)')
  const reader = new Client(two.connection)
  await reader.connect()
  expect((await reader.query('select count(*)::int as count from shared')).rows).toEqual([{ count: 0 }])
  await one.stop()
  expect((await reader.query('select 1 as one')).rows).toEqual([{ one: 1 }])
  await reader.end()
  await two.stop()
  expect(await pidOf(dataDir)).toBe(0)
})

test('a server that outlived a kill -9 is joined, not started a second time', async () => {
  const dataDir = await directory()
  const child = fork(START, [dataDir], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  await once(child, 'message')
  const pid = await pidOf(dataDir)
  child.kill('SIGKILL')
  await once(child, 'exit')
  const joined = await startEmbedded({ dataDir })
  expect(await pidOf(dataDir)).toBe(pid)
  expect(await query(joined.connection, 'select word from kept')).toEqual([{ word: 'before the kill' }])
  await joined.stop()
})

test('half of a cluster, left by a killed start, is in nobody’s way and goes when it is old', async () => {
  const dataDir = await directory()
  const old = join(dataDir, 'pg18.init-1-1')
  await mkdir(old)
  await utimes(old, 0, 0)
  await mkdir(join(dataDir, 'pg18.init-2-2'))
  const { stop } = await startEmbedded({ dataDir, dieWithParent: true })
  await stop()
  expect((await readdir(dataDir)).filter((name) => name.includes('init'))).toEqual(['pg18.init-2-2'])
})
