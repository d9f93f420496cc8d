-- How each deployment ended, so that pages need not look through all events for it: an index over the log like `threads`, written by the append
-- that writes the result, and made anew by `npm run rebuild` (which also brings in what older code wrote). An index of `events` by type would
-- cost every append; this costs those few that end a deployment. Code that knows nothing of it goes on as before.
create table deployments (
  thread_id uuid not null,
  seq int not null,
  kind text not null,
  service text not null,
  environment text not null,
  tag text not null,
  sha text not null,
  status text not null,
  replaced_tag text,
  replaced_sha text,
  html_url text not null,
  asked_by text not null,
  approved_by text[] not null,
  first_commit_at timestamptz(3),
  commits int not null,
  waited_ms bigint not null,
  model_calls int not null,
  input_tokens bigint not null,
  output_tokens bigint not null,
  at timestamptz(3) not null,
  constraint deployments_pkey primary key (thread_id, seq)
);
create index deployments_by_place on deployments (environment, service, at desc);
