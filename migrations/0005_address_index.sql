-- squawk-disable-assume-in-transaction
drop index concurrently if exists threads_addresses;
create index concurrently if not exists threads_addresses on threads using gin (addresses) where addresses is not null;
