-- Workspaces that installed the Slack app themselves. Tokens must be used, so they cannot be hashed: they are sealed (AES-256-GCM) with a key
-- that is made of SLACK_CLIENT_SECRET, which this database does not have.
create table slack_workspaces (
  team text primary key,
  name text not null,
  bot_user text not null,
  sealed_token bytea not null,
  installed_at timestamptz(3) not null default now()
);
