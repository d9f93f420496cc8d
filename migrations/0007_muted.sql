-- Whoever says STOP to an SMS is told nothing more there until they say START. Of no thread, so in no log.
create table muted_numbers (
  number text primary key,
  at timestamptz not null default now()
);
