-- What only one thread may hold at a time (`run:<service>/<environment>` while a dispatch of it is in flight), whose turn a thread
-- awaits, and what it locks. Code that knows nothing of them goes on as before.
alter table threads add column holds text;
alter table threads add column waits text;
alter table threads add column locks text;
