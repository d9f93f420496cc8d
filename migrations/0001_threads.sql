-- The log: the truth. Rows are only ever inserted.
create table events (
  thread_id uuid not null,
  seq int not null check (seq > 0),
  type text not null,
  data jsonb not null,
  actor jsonb not null,
  at timestamptz(3) not null,
  schema_version smallint not null default 1,
  constraint events_pkey primary key (thread_id, seq)
);

-- An index over the log, for listing and for claiming work. `npm run rebuild` makes it anew. What changes with every event (version,
-- time of the latest) is not kept here but read from the log, so that most appends touch the log alone.
create table threads (
  id uuid primary key, -- a UUIDv7: in order of creation
  agent text not null,
  title text not null,
  status text not null,
  parent_id uuid,
  forked_from uuid,
  run_id bigint,
  created_at timestamptz(3) not null,
  wake_at timestamptz,
  owner int,
  leased_until timestamptz,
  epoch int not null default 0,
  quarantined_at timestamptz(3),
  quarantine_reason text
);
-- Due threads (no owner), and those that are worked on: few rows, in which the work of the dead is found.
create index threads_claimable on threads (owner, wake_at) where owner is not null or wake_at is not null;
create index threads_by_status on threads (status, id desc);
create index threads_run on threads (run_id) where run_id is not null;
create index threads_quarantined on threads (quarantined_at) where quarantined_at is not null;

-- Every message from outside is taken once, and answered the same ever after.
create table deliveries (
  source text not null,
  id text not null,
  body_hash text not null,
  thread_id uuid,
  answer jsonb not null,
  at timestamptz not null default now(),
  constraint deliveries_pkey primary key (source, id)
);
create index deliveries_at on deliveries (at);

create table tokens (
  id uuid primary key,
  name text not null,
  secret_hash text not null unique,
  scopes text[] not null,
  person text,
  created_at timestamptz(3) not null,
  expires_at timestamptz(3) not null,
  revoked_at timestamptz(3)
);
