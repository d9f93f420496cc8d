-- What all replicas together asked of a model in a minute and paid in a day (UTC). Old rows are of no use, and are removed by whoever begins a new minute.
create table model_usage (
  model text not null,
  span text not null,
  since timestamptz not null,
  calls bigint not null,
  tokens bigint not null,
  cost numeric not null,
  primary key (model, span, since)
);
