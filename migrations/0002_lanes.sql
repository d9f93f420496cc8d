-- What only one thread may hold at a time (`run:<service>/<environment>` while a dispatch of it is in flight), whose turn a thread
-- awaits, what it locks, and what only one thread that has not ended may be (`release:<branch>`). Code that knows nothing of them goes on as before.
alter table threads add column holds text;
alter table threads add column waits text;
alter table threads add column locks text;
alter table threads add column sole text;
