-- A thread that cannot go on is set aside, alone, until an operator releases it.
alter table threads add column quarantined_at timestamptz(3), add column quarantine_reason text;
create index threads_quarantined on threads (quarantined_at) where quarantined_at is not null;
