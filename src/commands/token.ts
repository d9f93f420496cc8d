import { parseArgs } from 'node:util'
import type { Scope, Tokens } from '../agent/ports.ts'
import { readConfig } from '../config.ts'
import { openDatabase } from '../store/store.ts'
import { createTokens } from '../store/tokens.ts'
import type { Policy } from '../thread/policy.ts'

const USAGE = `usage:
  npm run token -- create --name NAME [--scopes read,ask] [--person PERSON] [--days 90]
  npm run token -- list
  npm run token -- revoke ID
scopes: read, ask (launch, speak), approve (needs --person), operate (cancel)`
const SCOPES: readonly Scope[] = ['read', 'ask', 'approve', 'operate']
const MOST_DAYS = 366

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    name: { type: 'string' },
    scopes: { type: 'string', default: 'read,ask' },
    person: { type: 'string' },
    days: { type: 'string', default: '90' },
  },
})

/** What is wrong with the wish, before anything is written. */
const create = async (tokens: Tokens, { people }: Policy): Promise<string> => {
  const { name, person = null } = values
  const scopes = values.scopes.split(',') as Scope[]
  const days = Number(values.days)
  if (!name) throw new Error(USAGE)
  const unknown = scopes.find((scope) => !SCOPES.includes(scope))
  if (unknown !== undefined) throw new Error(`there is no scope ${unknown}; there are: ${SCOPES.join(', ')}`)
  if (person !== null && !Object.hasOwn(people, person)) {
    throw new Error(`${person} is not in people; there are: ${Object.keys(people).join(', ')}`)
  }
  if (scopes.includes('approve') && person === null) throw new Error('only a person can approve: add --person')
  if (!Number.isInteger(days) || days < 1 || days > MOST_DAYS) throw new Error(`--days must be from 1 to ${MOST_DAYS}`)
  const { id, secret } = await tokens.create({ name, scopes, person, expires_in_days: days })
  return `token ${id} for ${name}, shown this once:\n${secret}`
}

const list = async (tokens: Tokens): Promise<string> => {
  const rows = (await tokens.list()).map(({ id, name, scopes, person, expires_at, revoked_at }) =>
    [id, name, scopes.join(','), person ?? '-', revoked_at ? 'revoked' : `until ${expires_at.slice(0, 10)}`].join('  '),
  )
  return rows.join('\n') || 'no tokens'
}

const run = async (tokens: Tokens, policy: Policy): Promise<string> => {
  const [verb, id] = positionals
  if (verb === 'create') return create(tokens, policy)
  if (verb === 'list') return list(tokens)
  if (verb !== 'revoke' || !id) throw new Error(USAGE)
  return (await tokens.revoke(id)) ? `token ${id} is revoked` : `there is no live token ${id}`
}

const config = readConfig()
const { pool, close } = await openDatabase(config.database)
try {
  process.stdout.write(`${await run(createTokens(pool), config.policy)}\n`)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 1
} finally {
  await close()
}
