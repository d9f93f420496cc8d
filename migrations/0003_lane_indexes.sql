-- squawk-disable-assume-in-transaction
-- The environment lock itself: the append that would start a second deployment violates this, and starts nothing.
drop index concurrently if exists threads_holds;
create unique index concurrently if not exists threads_holds on threads (holds) where holds is not null;
drop index concurrently if exists threads_waits;
create index concurrently if not exists threads_waits on threads (waits, id) where waits is not null;
drop index concurrently if exists threads_locks;
create index concurrently if not exists threads_locks on threads (id) where locks is not null;
drop index concurrently if exists threads_sole;
create unique index concurrently if not exists threads_sole on threads (sole) where sole is not null;
