-- What people look for threads by: what was to be deployed where, and who asked. No index is kept for them: the list looks through the
-- newest rows, a bounded number at a time, so that appends stay as cheap as they are. Code that knows nothing of them goes on as before.
alter table threads add column service text;
alter table threads add column environment text;
alter table threads add column person text;
