import { FREE, LEASE } from './owner.ts'

/** What an append may do to its thread's row in the index: make it, take or let go of the thread, or no more than change it. */
export const ROW_PARTS = ['born', 'taken', 'let_go', 'kept'] as const
export type RowPart = (typeof ROW_PARTS)[number]

/**
 * What stands in the log behind the version that is let go was written by others, since its owner was stopped, taken for dead, and has
 * taken it anew: what is let go by stale knowledge might never be woken.
 */
export const CHANGES = `change as materialized (
    select c.*, $owner::int as me,
      c.part = 'let_go' and (select true from events n where n.thread_id = c.id and n.seq = c.version + 1) is null as latest
    from jsonb_to_recordset($changes::jsonb) as c(id uuid, part text, version int, hold text, until timestamptz,
      indexed boolean, agent text, title text, status text, parent_id uuid, forked_from uuid, run_id bigint, created_at timestamptz,
      holds text, taking boolean, waits text, locks text, sole text, addresses text, service text, environment text, person text)
  )`

/**
 * A thread begins to hold something only by an event that says so: any other append, of a thread that an older version let start, must
 * not fail because of it.
 */
const HOLDS = '(case when c.holds is null or c.taking then c.holds else t.holds end)'

/** Only a launch takes it, so no later append can fail because of it. */
const SOLE = 'case when c.sole is null then null else t.sole end'

/** One text on the way, an array where it is looked up. */
const ADDRESSES = `string_to_array(c.addresses, e'\\n')`

/** What changes with the index, in every row whatever else becomes of it. */
const INDEXED = `
      title = case when c.indexed then c.title else t.title end,
      status = case when c.indexed then c.status else t.status end,
      run_id = case when c.indexed then c.run_id else t.run_id end,
      holds = case when c.indexed then ${HOLDS} else t.holds end,
      waits = case when c.indexed then c.waits else t.waits end,
      locks = case when c.indexed then c.locks else t.locks end,
      sole = case when c.indexed then ${SOLE} else t.sole end,
      addresses = case when c.indexed then ${ADDRESSES} else t.addresses end,
      service = case when c.indexed then c.service else t.service end,
      environment = case when c.indexed then c.environment else t.environment end`

/** What came from outside is worked on at once by the process that it came to, unless somebody works on the thread already. */
const TAKES = `c.hold = 'take' and t.quarantined_at is null and ${FREE}`

/**
 * A hint wakes only a thread that something may still come of. Half of what GitHub tells of a run comes when its thread has ended, and to
 * open that again cost as much as a step. (Version 0: no append of an event has that.)
 */
export const HEARS = '(t.owner is not null or t.wake_at is not null or t.run_id is not null or t.holds is not null)'

/** Its owner lets go, unless something came meanwhile: it is due, or its log is longer. `drop` lets go in any case: it is due. */
const RESTS = "t.owner = c.me and (c.hold = 'drop' or (t.wake_at is null and c.latest))"

type Column = 'owner' | 'leased_until' | 'epoch' | 'wake_at'
const COLUMNS: Column[] = ['owner', 'leased_until', 'epoch', 'wake_at']

/** How a thread changes hands. What no case speaks of stays as it is. */
const HANDS: Record<Exclude<RowPart, 'born'>, Partial<Record<Column, string>>> = {
  taken: {
    owner: `when ${TAKES} then c.me`,
    leased_until: `when ${TAKES} then clock_timestamp() + ${LEASE}`,
    epoch: `when ${TAKES} then t.epoch + 1`,
    wake_at: `when ${TAKES} then null when c.part = 'taken' and t.quarantined_at is null then clock_timestamp()`,
  },
  let_go: {
    owner: `when ${RESTS} then null`,
    leased_until: `when ${RESTS} then null`,
    wake_at: `when ${RESTS} then least(c.until, t.wake_at) when c.hold = 'release' and t.owner = c.me then null`,
  },
  kept: {},
}

const BORN = `
    insert into threads (id, agent, title, status, parent_id, forked_from, run_id, created_at, holds, waits, locks, sole, addresses,
      service, environment, person, owner, leased_until, epoch, wake_at)
    select id, agent, title, status, parent_id, forked_from, run_id, created_at, holds, waits, locks, sole, ${ADDRESSES},
      service, environment, person,
      case hold when 'take' then me end, case hold when 'take' then clock_timestamp() + ${LEASE} end,
      case hold when 'take' then 1 else 0 end, case hold when 'wake' then clock_timestamp() end
    from change c where part = 'born'
    returning id, owner is not null as mine`

/**
 * One update for all rows that are there, and so in the order in which they are given. With one for each part two processes could each
 * hold a row that the other waited for: a second, until Postgres noticed, for everybody in both batches.
 */
const changed = (parts: Exclude<RowPart, 'born'>[]): string => {
  const hands = COLUMNS.flatMap((column) => {
    const cases = parts.flatMap((part) => HANDS[part][column] ?? [])
    return cases.length > 0 ? [`${column} = case ${cases.join(' ')} else t.${column} end`] : []
  })
  return `
    update threads t set ${[INDEXED, ...hands].join(', ')}
    from change c where t.id = c.id and c.part <> 'born' and (c.version > 0 or ${HEARS})
    returning t.id, t.owner is not null and t.owner = c.me as mine`
}

/** What a statement does to rows, each under the name by which it tells the rows that it touched. */
export const touching = (parts: RowPart[]): { name: string; text: string }[] => {
  const there = parts.filter((part) => part !== 'born')
  return [
    ...(there.length < parts.length ? [{ name: 'born', text: BORN }] : []),
    ...(there.length > 0 ? [{ name: 'changed', text: changed(there) }] : []),
  ]
}
