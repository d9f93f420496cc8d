import type { Pool } from 'pg'
import type { Usage } from '../agent/ports.ts'

/** What was asked of models and paid for them, counted for all replicas in one row a minute, and one a day. */
export const createUsage = (pool: Pool): Usage => ({
  take: async (model, tokens, { calls = null, tokens: most = null }) => {
    const { rows } = await pool.query<{ calls: number }>({
      name: 'take_model_call',
      // One statement: two replicas that take at once wait for each other at the row. The first of a minute always goes: it may
      // need more than all of a limit, and would else wait for ever.
      text: `
        insert into model_usage as u (model, span, since, calls, tokens, cost)
        values ($1, 'minute', date_trunc('minute', clock_timestamp()), 1, $2, 0)
        on conflict (model, span, since) do update set calls = u.calls + 1, tokens = u.tokens + excluded.tokens
        where ($3::bigint is null or u.calls < $3) and ($4::bigint is null or u.tokens + excluded.tokens <= $4)
        returning calls::int`,
      values: [model, tokens, calls, most],
    })
    if (rows[0]?.calls === 1) await forget(pool)
    return rows[0] ? 0 : untilNextMinute(pool)
  },

  spend: async (model, tokens, cost) => {
    await pool.query({
      name: 'spend_on_model',
      text: `
        insert into model_usage as u (model, span, since, calls, tokens, cost) values ($1, 'day', ${TODAY}, 1, $2, $3)
        on conflict (model, span, since) do update
        set calls = u.calls + 1, tokens = u.tokens + excluded.tokens, cost = u.cost + excluded.cost`,
      values: [model, tokens, cost],
    })
  },

  today: async () => {
    const { rows } = await pool.query<{ cost: number }>({
      name: 'spent_today',
      text: `select coalesce(sum(cost), 0)::float8 as cost from model_usage where span = 'day' and since = ${TODAY}`,
    })
    return rows[0]?.cost ?? 0
  },
})

const TODAY = `date_trunc('day', clock_timestamp(), 'UTC')`

const untilNextMinute = async (pool: Pool): Promise<number> => {
  const { rows } = await pool.query<{ ms: number }>({
    name: 'until_next_minute',
    text: `select ceil(60000 - extract(epoch from clock_timestamp())::numeric * 1000 % 60000)::int as ms`,
  })
  return Math.max(1, rows[0]?.ms ?? 1)
}

const forget = (pool: Pool) =>
  pool.query({
    name: 'forget_model_usage',
    text: `delete from model_usage where since < clock_timestamp() - case span when 'minute' then interval '1 hour' else interval '40 days' end`,
  })
