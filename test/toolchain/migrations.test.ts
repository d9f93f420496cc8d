import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

// How a migration is written, and why: .squawk.toml, and sqlLoader in src/store/migrations.ts.
const ROOT = join(import.meta.dirname, '../..')
const NO_TRANSACTION = '-- squawk-disable-assume-in-transaction\n'

/** Names of the rules that `sql`, as a migration after those that there are, breaks. */
const broken = (sql: string): string[] => {
  const { stdout, stderr } = spawnSync(
    join(ROOT, 'node_modules/.bin/squawk'),
    ['--config', join(ROOT, '.squawk.toml'), '--reporter', 'json', '--stdin-filepath', 'next.sql'],
    { input: sql, encoding: 'utf8' },
  )
  if (stderr) throw new Error(stderr)
  const found = JSON.parse(stdout) as { rule_name: string }[]
  return [...found.map(({ rule_name }) => rule_name), ...ours(sql)]
}

const ours = (sql: string): string[] => {
  const statements = sql.split(/;\s*$/m).filter((statement) => statement.trim() !== '')
  const waits = sql.startsWith(NO_TRANSACTION) && !statements.every((statement) => /\bconcurrently\b/.test(statement))
  return [
    /\b(lock|statement)_timeout\b/.test(sql) ? 'migrate.ts sets the timeouts' : null,
    waits ? 'without a transaction nothing but concurrently' : null,
  ].filter((rule) => rule !== null)
}

test('every migration keeps to the rules', () => {
  const files = readdirSync(join(ROOT, 'migrations'))
  expect(files.length).toBeGreaterThan(0)
  const wrong = files.map((file) => [file, broken(readFileSync(join(ROOT, 'migrations', file), 'utf8'))])
  expect(wrong.filter(([, rules]) => rules?.length)).toEqual([])
})

describe('a migration is refused that', () => {
  test.each([
    ['adding-required-field', 'alter table threads add column team text not null;'],
    ['adding-field-with-default', 'alter table threads add column key uuid default gen_random_uuid();'],
    ['adding-not-nullable-field', 'alter table threads alter column run_id set not null;'],
    ['changing-column-type', 'alter table events alter column seq type bigint;'],
    ['require-concurrent-index-creation', 'create index threads_agent on threads (agent);'],
    ['require-concurrent-index-deletion', 'drop index threads_due;'],
    ['constraint-missing-not-valid', `alter table threads add constraint titled check (title <> '');`],
    ['adding-foreign-key-constraint', 'alter table threads add foreign key (parent_id) references threads (id);'],
    ['disallowed-unique-constraint', 'alter table threads add constraint one unique (title);'],
    ['ban-drop-column', 'alter table threads drop column epoch;'],
    ['ban-drop-table', 'drop table tokens;'],
    ['renaming-column', 'alter table threads rename column title to name;'],
    ['renaming-table', 'alter table threads rename to conversations;'],
    ['syntax-error', 'alter tabel threads;'],
    ['prefer-robust-stmts', `${NO_TRANSACTION}create index concurrently threads_agent on threads (agent);`],
    ['migrate.ts sets the timeouts', 'set lock_timeout = 0; alter table threads add column team text;'],
    ['without a transaction nothing but concurrently', `${NO_TRANSACTION}alter table threads add column team text;`],
  ])('%s', (rule, sql) => expect(broken(sql)).toContain(rule))
})

describe('a migration may', () => {
  test.each([
    ['add what may be empty', 'alter table threads add column team text;'],
    ['add what has a constant default', 'alter table threads add column tries int not null default 0;'],
    [
      'make a table with its indexes',
      'create table notes (id uuid primary key, note text); create index notes_n on notes (note);',
    ],
    ['add a rule for new rows only', `alter table threads add constraint titled check (title <> '') not valid;`],
    [
      'index a table that is in use, again after a failure',
      `${NO_TRANSACTION}drop index concurrently if exists threads_agent;
      create index concurrently if not exists threads_agent on threads (agent);`,
    ],
    [
      'contract what no version uses any more, saying so',
      '-- squawk-ignore ban-drop-column\nalter table threads drop column epoch;',
    ],
  ])('%s', (_, sql) => expect(broken(sql)).toEqual([]))
})
