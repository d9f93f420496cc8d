import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { Pool } from 'pg'
import type { Token, Tokens } from '../agent/ports.ts'

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex')

/** Bearer tokens. A secret of 256 random bits needs no slow hash; it is shown once and never stored. */
export const createTokens = (pool: Pool): Tokens => ({
  create: async ({ name, scopes, person, expires_in_days }) => {
    const id = randomUUID()
    const secret = `dbt_${randomBytes(32).toString('base64url')}`
    await pool.query({
      text: `insert into tokens (id, name, secret_hash, scopes, person, created_at, expires_at)
        values ($1, $2, $3, $4, $5, now(), now() + make_interval(days => $6))`,
      values: [id, name, hashOf(secret), scopes, person, expires_in_days],
    })
    return { id, secret }
  },

  find: async (secret) => {
    const { rows } = await pool.query<Token>({
      name: 'find_token',
      text: `select id, name, scopes, person from tokens
        where secret_hash = $1 and expires_at > now() and revoked_at is null`,
      values: [hashOf(secret)],
    })
    return rows[0] ?? null
  },

  list: async () => {
    const { rows } = await pool.query(
      'select id, name, scopes, person, created_at, expires_at, revoked_at from tokens order by created_at',
    )
    return rows
  },

  revoke: async (id) => {
    const { rowCount } = await pool.query({
      text: 'update tokens set revoked_at = now() where id = $1 and revoked_at is null',
      values: [id],
    })
    return rowCount === 1
  },
})
