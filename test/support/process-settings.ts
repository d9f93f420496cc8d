import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { inject, onTestFinished } from 'vitest'
import { freePort } from './free-port.ts'
import { freshDatabase } from './postgres.ts'

/** Gone when the test ends. */
export const temporaryDirectory = async (): Promise<string> => {
  const path = await mkdtemp(join(inject('scratch'), 'process-'))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  return path
}

/** Settings of a process of its own on a database and a data directory of its own. */
export const processSettings = async () => {
  const { connection, drop } = await freshDatabase()
  onTestFinished(drop)
  const url = `postgresql:///${connection.database}?host=${connection.host}&user=${connection.user}`
  return { DATABASE_URL: url, DEPLOYBOT_DATA: await temporaryDirectory(), PORT: String(await freePort()) }
}
