import type { Pool, PoolClient } from 'pg'
import type { Deployments, Week } from '../agent/ports.ts'
import type { Deployment } from '../thread/deployments.ts'

const iso = (column: string): string => `to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

const ROW = `d.thread_id, d.seq, d.kind, d.service, d.environment, d.tag, d.sha, d.status, d.replaced_tag, d.replaced_sha, d.html_url, d.asked_by,
  d.approved_by, ${iso('d.first_commit_at')} as first_commit_at, d.commits, d.waited_ms::float8 as waited_ms, d.model_calls,
  d.input_tokens::float8 as input_tokens, d.output_tokens::float8 as output_tokens,
  d.model_cost::float8 as model_cost, ${iso('d.at')} as at`

/** How deployments ended: an index over the log that each append keeps true, and `rebuild` makes anew. */
export const createDeployments = (pool: Pool): Deployments => ({
  latest: async (places, most) => {
    const { rows } = await pool.query<Deployment>({
      name: 'latest_deployments',
      text: `select ${ROW} from unnest($1::text[], $2::text[]) as p(service, environment)
        cross join lateral (select * from deployments
          where environment = p.environment and service = p.service order by at desc limit $3) as d
        order by d.at desc`,
      values: [places.map(({ service }) => service), places.map(({ environment }) => environment), most],
    })
    return rows
  },

  weeks: async (environment, since) => {
    const { rows } = await pool.query<Week>({ name: 'weeks', text: WEEKS, values: [environment, since] })
    return rows
  },
})

const median = (interval: string, where: string): string =>
  `(percentile_cont(0.5) within group (order by extract(epoch from ${interval})::float8) filter (where ${where}))::float8`

/**
 * A change failed where its run did, or where what came next there was a rollback. It was restored by the next success; of failures in a row
 * the first counts. What was cancelled is neither. Newest first, so that "the next success" is a minimum over a frame that only grows.
 */
const WEEKS = `
  with told as (
    select service, kind, status, at, first_commit_at, waited_ms, model_calls, input_tokens, output_tokens, model_cost,
      lead(status) over places as before,
      lag(kind) over places as next_kind,
      min(at) filter (where status = 'success') over (places rows between unbounded preceding and 1 preceding) as next_success
    from deployments where environment = $1 and at >= $2 and status <> 'cancelled'
    window places as (partition by service order by at desc, thread_id desc, seq desc)
  ), judged as (
    select *, kind = 'deploy' and (status = 'failure' or next_kind is not distinct from 'rollback') as failed from told
  )
  select service, to_char(date_trunc('week', at at time zone 'utc')::date, 'YYYY-MM-DD') as monday,
    (count(*) filter (where status = 'success'))::int as deployed,
    (count(*) filter (where status = 'success' and kind = 'rollback'))::int as rolled_back,
    (count(*) filter (where kind = 'deploy'))::int as changes,
    (count(*) filter (where failed))::int as failed,
    ${median('at - first_commit_at', `status = 'success' and kind = 'deploy'`)} as lead_seconds,
    ${median('next_success - at', `failed and before is distinct from 'failure'`)} as restore_seconds,
    (percentile_cont(0.5) within group (order by waited_ms) / 1000)::float8 as waited_seconds,
    sum(model_calls)::int as model_calls, sum(input_tokens)::float8 as input_tokens, sum(output_tokens)::float8 as output_tokens,
    sum(model_cost)::float8 as model_cost
  from judged group by service, date_trunc('week', at at time zone 'utc') order by 2, 1`

/** What the log of this thread says, in place of what stood there. */
export const replaceDeployments = async (client: PoolClient, id: string, deployments: Deployment[]): Promise<void> => {
  await client.query('delete from deployments where thread_id = $1', [id])
  if (deployments.length === 0) return
  const text = 'insert into deployments select * from jsonb_populate_recordset(null::deployments, $1::jsonb)'
  await client.query({ text, values: [JSON.stringify(deployments)] })
}
