import type { Pool } from 'pg'
import type { Mutes } from '../agent/ports.ts'

const TAKEN = `insert into deliveries (source, id, body_hash, answer) values ($1, $2, $3, '{"status":200,"body":{}}')
  on conflict do nothing returning id`

/** Each in one statement: the message is taken if and only if what it says is kept. */
export const createMutes = (pool: Pool): Mutes => ({
  isMuted: async (number) => {
    const { rows } = await pool.query({
      name: 'is_muted',
      text: 'select from muted_numbers where number = $1',
      values: [number],
    })
    return rows.length > 0
  },

  set: async (number, muted, { source, id, body_hash }) => {
    const change = muted
      ? 'insert into muted_numbers (number) select $4 from taken on conflict do nothing'
      : 'delete from muted_numbers where number = $4 and exists (select from taken)'
    const { rows } = await pool.query({
      text: `with taken as (${TAKEN}), changed as (${change}) select from taken`,
      values: [source, id, body_hash, number],
    })
    return rows.length > 0
  },
})
