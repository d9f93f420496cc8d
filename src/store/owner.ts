/** The advisory locks of owners share this class; the object is the owner. */
export const OWNER_LOCKS = 7_103_417

// An owner that hangs is waited for this long; one whose connection died is not waited for at all.
export const LEASE = "interval '5 seconds'"

/** Owners whose process is alive: its session holds the lock. */
export const ALIVE = `
  select objid::bigint::int from pg_locks
  where locktype = 'advisory' and classid = ${OWNER_LOCKS} and granted
    and database = (select oid from pg_database where datname = current_database())`

/**
 * Whether nobody works on thread `t`. One whose owner died holds it still: it is made due, and whoever looks next takes it from the dead.
 */
export const FREE = '(t.owner is null or t.leased_until < statement_timestamp())'
