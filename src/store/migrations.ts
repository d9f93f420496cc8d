import { readdir, readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { MigrationBuilder, RunnerOption } from 'node-pg-migrate'

// The linter reads this comment too: what it takes for "no transaction" and what we run without one cannot differ.
const NO_TRANSACTION = /^-- squawk-disable-assume-in-transaction$/m

export const namesIn = async (directory: string): Promise<string[]> =>
  (await readdir(directory)).filter((file) => file.endsWith('.sql')).map((file) => basename(file, '.sql'))

/**
 * Each .sql file is one transaction, which waits at most `lockMs` for a lock: whoever comes after a waiting
 * `alter table` waits behind it, reads too. Only what cannot run in a transaction (`create index concurrently`) runs
 * without one, a statement at a time; it holds nobody up, so it may wait.
 */
export const sqlLoader = (lockMs: number): NonNullable<RunnerOption['migrationLoaderStrategies']> => [
  {
    extensions: ['.sql'],
    loader: (paths) =>
      Promise.all(
        paths.map(async (path) => {
          const sql = await readFile(path, 'utf8')
          const up = NO_TRANSACTION.test(sql) ? oneByOne(sql) : together(sql, lockMs)
          return { id: path, filePaths: [path], actions: { up, down: false as const } }
        }),
      ),
  },
]

const together = (sql: string, lockMs: number) => (pgm: MigrationBuilder) => {
  pgm.sql(`set local lock_timeout = ${lockMs}`)
  pgm.sql(sql)
}

/** Several statements in one string would be a transaction again. */
const oneByOne = (sql: string) => (pgm: MigrationBuilder) => {
  pgm.noTransaction()
  for (const statement of sql.split(/;\s*$/m)) if (statement.trim() !== '') pgm.sql(statement)
}
