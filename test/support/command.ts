import { execFile } from 'node:child_process'
import { join } from 'node:path'
import type { TestService } from './service.ts'

const ROOT = join(import.meta.dirname, '../..')

export interface Said {
  code: number
  out: string
  err: string
}

/** What `node src/commands/…` says, on the database of a service. */
export const commandOn =
  ({ database: { connection } }: TestService, file: string) =>
  (args: string[], variables: Record<string, string> = {}) =>
    new Promise<Said>((resolve) => {
      const { database, host, user } = connection
      const env = {
        PATH: process.env['PATH'],
        NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
        DATABASE_URL: `postgresql:///${database}?host=${host}&user=${user}`,
        DEPLOYBOT_DATA: '/nonexistent',
        ...variables,
      }
      execFile(process.execPath, [`src/commands/${file}`, ...args], { cwd: ROOT, env }, (error, out, err) =>
        resolve({ code: error === null ? 0 : Number(error.code), out: out.trim(), err: err.trim() }),
      )
    })
